import { describe, expect, it } from "vitest";
import { chooseQuant } from "../../../lib/runtime/choose-quant";
import type { GgufSet } from "../../../lib/hub";
import { failureOf } from "../hub/helpers";

const GB = 1e9;
const set = (quant: string | null, size: number): GgufSet => ({ paths: [`m-${quant ?? "x"}.gguf`], size, quant });
const SETS = [set("Q2_K", 1 * GB), set("F16", 8 * GB), set("Q8_0", 4 * GB), set("Q4_K_M", 2 * GB), set("Q6_K", 3 * GB)];
const MEMORY = (memoryBytes: number, diskBytes = Infinity) => ({ memoryBytes, diskBytes });

/** Every model takes half a GB besides its weights. */
async function choose(sets: readonly GgufSet[], room: { memoryBytes: number; diskBytes: number }) {
  const asked: (string | null)[] = [];
  const { set: chosen, reason } = await chooseQuant("hf:o/r", sets, room, (candidate) => {
    asked.push(candidate.quant);
    return Promise.resolve(candidate.size + 0.5 * GB);
  });
  return { quant: chosen.quant, reason, asked };
}

describe("a quant that was left out", () => {
  it("is the largest that fits into memory, and says what kept out the next", async () => {
    const chosen = await choose(SETS, MEMORY(3.2 * GB));
    expect(chosen).toMatchObject({ quant: "Q4_K_M" });
    expect(chosen.reason).toBe(
      "Q4_K_M (2.00 GB) is the best of 5 that fits: Q6_K needs 3.50 GB of the 3.20 GB of memory there are for it.",
    );
  });

  it("reads no header of a file that is too large by itself", async () => {
    expect((await choose(SETS, MEMORY(3.2 * GB))).asked).toEqual(["Q6_K", "Q4_K_M"]);
  });

  it("is Q8_0 where everything fits: more bits are slower, and hardly better", async () => {
    const chosen = await choose(SETS, MEMORY(100 * GB));
    expect(chosen).toMatchObject({ quant: "Q8_0", reason: "Q8_0 (4.00 GB) is the best of 5, and fits." });
  });

  it("is not quantized where there is nothing else", async () => {
    expect(await choose([set("F16", GB)], MEMORY(2 * GB))).toMatchObject({
      quant: "F16",
      reason: "F16 is the only model there.",
    });
  });

  it("also fits onto the disk", async () => {
    const chosen = await choose(SETS, MEMORY(100 * GB, 2.5 * GB));
    expect(chosen.quant).toBe("Q4_K_M");
    expect(chosen.reason).toContain("Q6_K takes 3.00 GB of the 2.50 GB free on disk");
  });

  it("is refused with figures when none fits", async () => {
    const memory = await failureOf(choose(SETS, MEMORY(0.9 * GB)));
    expect(memory).toMatchObject({ code: "memory_exceeded" });
    expect(memory.message).toContain("Q2_K, the smallest, needs 1.00 GB of the 900.0 MB of memory");
    const disk = await failureOf(choose(SETS, MEMORY(100 * GB, 0.5 * GB)));
    expect(disk).toMatchObject({ code: "disk_full", message: expect.stringContaining("memwell cache prune") });
    expect((await failureOf(choose([], MEMORY(GB)))).code).toBe("file_not_found");
  });
});
