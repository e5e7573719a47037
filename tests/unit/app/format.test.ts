import { expect, test } from "vitest";

import { formatBytes, formatDuration } from "../../../app/_chat/format";

test.each([
  [40, "0.0 s"],
  [9_940, "9.9 s"],
  [9_960, "10 s"],
  [59_400, "59 s"],
  [59_600, "1 min 0 s"],
  [119_700, "2 min 0 s"],
  [125_000, "2 min 5 s"],
])("%i ms are %s: no minute has sixty seconds", (milliseconds, words) => {
  expect(formatDuration(milliseconds)).toBe(words);
});

test.each([
  [999, "999 B"],
  [1_001, "1.0 kB"],
  [9_940_000, "9.9 MB"],
  [9_960_000, "10 MB"],
  [999_600, "1.0 MB"],
])("%i bytes are %s", (bytes, words) => {
  expect(formatBytes(bytes)).toBe(words);
});
