import { describe, expect, it } from "vitest";
import { estimateBytes, estimateFileBytes, markFit } from "../../../../lib/runtime/catalogue/fit-mark";

const GB = 1e9;
const figures = {
  neededBytes: 3 * GB,
  isForecast: true,
  roomBytes: 8 * GB,
  otherBytes: 2 * GB,
  downloadBytes: 2.5 * GB,
  freeDiskBytes: 50 * GB,
  sizeBytes: 2.5 * GB,
  diskBudget: null,
};

describe("the mark of a model", () => {
  it.each([
    ["stays beside the other", {}, "beside"],
    ["just stays beside the other", { roomBytes: 5 * GB }, "beside"],
    ["takes turns when both are too much", { roomBytes: 5 * GB - 1 }, "alone"],
    ["just fits alone", { roomBytes: 3 * GB }, "alone"],
    ["is too large", { roomBytes: 3 * GB - 1 }, "no"],
    ["finds a full disk", { freeDiskBytes: 2.5 * GB }, "disk"],
    ["finds a disk budget that is too small", { diskBudget: 2 * GB }, "disk"],
    ["is on a full disk already", { freeDiskBytes: 0, downloadBytes: 0 }, "beside"],
    ["is on a disk that says nothing", { freeDiskBytes: null }, "beside"],
    ["is too large for memory and disk", { roomBytes: 0, freeDiskBytes: 0 }, "no"],
  ])("one that %s", (_, change, mark) => {
    expect(markFit({ ...figures, ...change }).mark).toBe(mark);
  });

  it("carries the figures behind it; of a disk budget that one", () => {
    expect(markFit({ ...figures, diskBudget: 2 * GB })).toMatchObject({
      freeDiskBytes: 2 * GB,
      downloadBytes: 2.5 * GB,
    });
    expect(Object.keys(markFit(figures))).not.toContain("diskBudget");
  });
});

describe("estimates", () => {
  it("of what a model holds grow with its file and its context", () => {
    const usual = estimateBytes(2.5 * GB, "auto");
    expect(usual).toBeGreaterThan(2.5 * GB);
    expect(usual).toBeLessThan(5 * GB);
    expect(estimateBytes(2.5 * GB, 512)).toBe(usual);
    expect(estimateBytes(2.5 * GB, 32_768)).toBeGreaterThan(usual + 3 * GB);
  });

  it("of a file are from parameters and bits, within a fifth of real ones", () => {
    for (const [parameters, quant, real] of [
      [8_190_735_360, "Q4_K_M", 5_027_783_488],
      [4_020_000_000, "Q4_K_M", 2_497_280_256],
      [494_000_000, "Q8_0", 531_000_000],
      [494_000_000, "F16", 994_000_000],
    ] as const) {
      const estimated = estimateFileBytes(parameters, quant) ?? 0;
      expect(Math.abs(estimated - real) / real).toBeLessThan(0.2);
    }
    expect(estimateFileBytes(1e9, null)).toBeNull();
    expect(estimateFileBytes(null, "Q4_0")).toBeNull();
  });
});
