import { expect, it } from "vitest";
import type { ResidencyChange } from "../../../lib/residency";
import { setUp } from "./harness";

const evicted = (changes: readonly ResidencyChange[]) =>
  changes.flatMap((change) =>
    change.type === "leaving" && change.reason === "evicted" ? [`${change.key} for ${change.for}`] : [],
  );

it("who has to leave for another model is told once, and who is unloaded on purpose is no eviction", async () => {
  const changes: ResidencyChange[] = [];
  const { clock, ready, residency } = setUp({ onChange: (change) => void changes.push(change) });
  (await ready("a")).release();
  (await ready("b")).release();
  expect(evicted(changes)).toEqual(["a for b"]);
  void residency.unload("b");
  await clock.advance(1_000);
  (await ready("a")).release();
  expect(evicted(changes)).toEqual(["a for b"]);
});

it("a listener that throws does not keep anybody waiting", async () => {
  const { ready } = setUp({
    onChange: () => {
      throw new Error("cannot be kept");
    },
  });
  (await ready("a")).release();
  expect((await ready("b")).lost).toBe(false);
});
