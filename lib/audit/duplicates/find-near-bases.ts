import { MemwellError } from "../../errors";
import type { ModelUnit } from "../models/unit";
import type { Pauses } from "../walk/pauses";
import { compareModels, type Difference } from "./near-base";
import type { SameBytes } from "./same-bytes";
import { groupByShape } from "./same-model";

/**
 * Full fine-tunes whose difference from another model of the folder is small, as far as a look at a few places tells.
 *
 * @throws MemwellError `aborted`
 */
export async function findNearBases(
  units: readonly ModelUnit[],
  sameBytes: readonly SameBytes[],
  pauses: Pauses,
): Promise<Difference[]> {
  const found: Difference[] = [];
  for (const alike of groupByShape(units.filter(isPlain))) {
    const base = baseOf(alike);
    for (const tune of alike) {
      if (tune === base || isCopy(base, tune, sameBytes)) continue;
      const difference = await compared(base, tune, pauses);
      if (difference !== null && difference.verdict !== "different") found.push(difference);
    }
  }
  return found;
}

/** Whether a file of the one is stored again in the other: that is told already. */
function isCopy(base: ModelUnit, tune: ModelUnit, sameBytes: readonly SameBytes[]): boolean {
  const isOf = (unit: ModelUnit, { records }: SameBytes): boolean =>
    records.some((record) => record.content?.weights != null && unit.records.includes(record));
  return sameBytes.some((group) => isOf(base, group) && isOf(tune, group));
}

/** A file that went away or turned out to be damaged has nothing to say; an end of the audit has. */
async function compared(base: ModelUnit, tune: ModelUnit, pauses: Pauses): Promise<Difference | null> {
  try {
    return await compareModels(base, tune, pauses);
  } catch (thrown) {
    if (thrown instanceof MemwellError && thrown.code === "aborted") throw thrown;
    return null;
  }
}

function isPlain({ facts, formats }: ModelUnit): boolean {
  const isReadable = formats.includes("safetensors") || formats.includes("gguf");
  return isReadable && ["F16", "BF16", "F32"].includes(facts.quantization ?? "");
}

/** The one that others name as theirs; else one in a Hugging Face cache, which can be fetched again; else the oldest. */
function baseOf(units: readonly ModelUnit[]): ModelUnit {
  const namedBy = (unit: ModelUnit): number =>
    units.filter((other) => other !== unit && other.facts.base !== null && namesOf(unit).includes(other.facts.base))
      .length;
  const oldest = (unit: ModelUnit): number => Math.min(...unit.records.map(({ modified }) => modified));
  const [first] = [...units].sort(
    (left, right) =>
      namedBy(right) - namedBy(left) ||
      Number(right.kind === "hub-cache") - Number(left.kind === "hub-cache") ||
      oldest(left) - oldest(right),
  );
  return first as ModelUnit;
}

function namesOf({ repoId, facts }: ModelUnit): (string | null)[] {
  return [repoId, facts.name];
}
