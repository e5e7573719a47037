import { describe, expect, it } from "vitest";
import { describeStep, type NewLedgerRecord } from "../../../lib/memory";
import { record } from "../store/folder";

function line(changes: Partial<NewLedgerRecord>, parts: { before?: number | null; peak?: number | null } = {}): string {
  const end = record({
    run: null,
    forecastBytes: null,
    cgroupBytes: null,
    gpuBytes: null,
    tokens: null,
    durationMs: 640.4,
    processBytes: 131e6,
    ...changes,
  });
  const before = parts.before === undefined ? 98e6 : parts.before;
  const peak = parts.peak === undefined ? 140e6 : parts.peak;
  return describeStep({ start: { ...end, processBytes: before }, peak: { ...end, processBytes: peak }, end });
}

describe("the log line of a step", () => {
  it.each<[string, string, string]>([
    [
      "with all there is to say",
      line({ forecastBytes: 132e6, cgroupBytes: 1.23e9, gpuBytes: 24e9, tokens: 12, run: "0f8fad5b-d9cb-469f" }),
      "memory load     demo-response  pid 4242  98 MB -> 131 MB, peak 140 MB, forecast 132 MB, container 1.23 GB, GPU 24.0 GB, 640 ms, 12 tokens, run 0f8fad5b",
    ],
    [
      "with the least",
      line({ step: "start", pid: null, model: null, processBytes: null }, { before: null, peak: null }),
      "memory start    -  640 ms",
    ],
    [
      "that failed",
      line({ outcome: "failed" }),
      "memory load     demo-response  pid 4242  98 MB -> 131 MB, peak 140 MB, failed after 640 ms",
    ],
    [
      "that was aborted",
      line({ outcome: "aborted", durationMs: 12_345 }),
      "memory load     demo-response  pid 4242  98 MB -> 131 MB, peak 140 MB, aborted after 12.3 s",
    ],
    [
      "of a process that went",
      line({ step: "unload", processBytes: null }),
      "memory unload   demo-response  pid 4242  98 MB -> gone, peak 140 MB, 640 ms",
    ],
    [
      "of one token",
      line({ step: "decode", tokens: 1 }),
      "memory decode   demo-response  pid 4242  98 MB -> 131 MB, peak 140 MB, 640 ms, 1 token",
    ],
    [
      "with figures next to a unit",
      line({ processBytes: 999.6e6 }, { before: 1.24e6, peak: 9.96e9 }),
      "memory load     demo-response  pid 4242  1.2 MB -> 1.00 GB, peak 10.0 GB, 640 ms",
    ],
  ])("%s", (_, said, expected) => expect(said).toBe(expected));

  it("cannot be broken into two by a name", () => {
    const said = line({ model: "a\nmemory load b\u2028\u001b[2J", run: "r\r\nx" });
    expect(said).not.toMatch(/[\p{Cc}\u2028]/u);
    expect(said).toContain("a?memory load b??[2J");
  });
});
