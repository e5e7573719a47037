import { describe, expect, it } from "vitest";
import { chooseQuant, type QuantRoom } from "../../../lib/runtime/choose-quant";
import type { GgufSet } from "../../../lib/hub";
import { MemwellError } from "../../../lib/errors";
import { failureOf } from "../hub/helpers";

const GB = 1e9;
const set = (quant: string | null, size: number): GgufSet => ({ paths: [`m-${quant ?? "x"}.gguf`], size, quant });
const SETS = [set("Q2_K", 1 * GB), set("F16", 8 * GB), set("Q8_0", 4 * GB), set("Q4_K_M", 2 * GB), set("Q6_K", 3 * GB)];
const room = (memoryBytes: number, diskBytes = Infinity, changes: Partial<QuantRoom> = {}) => ({
  memoryBytes,
  diskBytes,
  place: "on the Hub",
  missingOf: (candidate: GgufSet) => candidate.size,
  ...changes,
});

/** Every model takes half a GB besides its weights. */
async function choose(sets: readonly GgufSet[], given: Omit<QuantRoom, "footprintOf"> & Partial<QuantRoom>) {
  const asked: (string | null)[] = [];
  const footprintOf = (candidate: GgufSet) => {
    asked.push(candidate.quant);
    return Promise.resolve(candidate.size + 0.5 * GB);
  };
  const { set: chosen, reason } = await chooseQuant("hf:o/r", sets, { footprintOf, ...given });
  return { quant: chosen.quant, reason, asked };
}

describe("a quant that was left out", () => {
  it("is the largest that fits into memory, and says what kept out the next", async () => {
    const chosen = await choose(SETS, room(3.2 * GB));
    expect(chosen).toMatchObject({ quant: "Q4_K_M" });
    expect(chosen.reason).toBe(
      "Q4_K_M (2.00 GB) is the best of 5 on the Hub that fits: Q6_K needs 3.50 GB of the 3.20 GB of memory there are for it.",
    );
  });

  it("reads no header of a file that is too large by itself", async () => {
    expect((await choose(SETS, room(3.2 * GB))).asked).toEqual(["Q6_K", "Q4_K_M"]);
  });

  it("is Q8_0 where everything fits: more bits are slower, and hardly better", async () => {
    const chosen = await choose(SETS, room(100 * GB));
    expect(chosen).toMatchObject({ quant: "Q8_0", reason: "Q8_0 (4.00 GB) is the best of 5 on the Hub, and fits." });
  });

  it("is not quantized where there is nothing else", async () => {
    expect(await choose([set("F16", GB)], room(2 * GB))).toMatchObject({
      quant: "F16",
      reason: "F16 is the only model on the Hub.",
    });
  });

  it("also fits onto the disk", async () => {
    const chosen = await choose(SETS, room(100 * GB, 2.5 * GB));
    expect(chosen.quant).toBe("Q4_K_M");
    expect(chosen.reason).toContain("Q6_K takes 3.00 GB of the 2.50 GB there are on the disk");
  });

  it("is refused with figures when none fits", async () => {
    const memory = await failureOf(choose(SETS, room(0.9 * GB)));
    expect(memory).toMatchObject({ code: "memory_exceeded" });
    expect(memory.message).toContain("Q2_K, the smallest, needs 1.00 GB of the 900.0 MB of memory");
    const disk = await failureOf(choose(SETS, room(100 * GB, 0.5 * GB)));
    expect(disk).toMatchObject({ code: "disk_full", message: expect.stringContaining("memwell cache prune") });
    expect((await failureOf(choose([], room(GB)))).code).toBe("file_not_found");
  });

  it("whose download has begun is gone on with, if it fits, and needs only the disk that is missing", async () => {
    const missingOf = (candidate: GgufSet) => (candidate.quant === "Q6_K" ? 0.1 * GB : candidate.size);
    const begun = await choose(SETS, room(100 * GB, 0.2 * GB, { missingOf }));
    expect(begun).toMatchObject({ quant: "Q6_K", reason: "The download of Q6_K (3.00 GB) had begun." });
    expect((await choose(SETS, room(3.2 * GB, GB, { missingOf }))).quant).toBe("Q2_K");
  });

  it("passes over a file that is no model, and says what is wrong with it when there is no other", async () => {
    const footprintOf = (candidate: GgufSet) =>
      candidate.quant === "Q8_0"
        ? Promise.reject(new MemwellError("model_file_invalid", "It is big-endian."))
        : Promise.resolve(candidate.size);
    expect((await choose(SETS, { ...room(100 * GB), footprintOf })).quant).toBe("Q6_K");
    const only = await failureOf(choose([set("Q8_0", GB)], { ...room(100 * GB), footprintOf }));
    expect(only.message).toBe("It is big-endian.");
    const broken = () => Promise.reject(new MemwellError("hub_unavailable", "The Hub is down."));
    expect((await failureOf(choose(SETS, { ...room(100 * GB), footprintOf: broken }))).code).toBe("hub_unavailable");
  });
});
