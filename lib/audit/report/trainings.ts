import type { ModelUnit } from "../models/unit";

/** What its checkpoints have in common: they stand side by side, are of one kind and base, and their logs begin alike. */
export function trainingOf({ folder, kind, facts }: ModelUnit): string {
  return JSON.stringify([folder.parent?.path, kind, facts.base, facts.parameters, folder.clues.training]);
}

interface LastStep {
  step: number;
  bestStep: number | null;
}

/** Of each training that can be told from others the last step that is whole, and which one that calls the best. */
export function lastStepsOf(units: readonly ModelUnit[]): Map<string, LastStep> {
  const last = new Map<string, LastStep>();
  for (const unit of units) {
    const { training, bestStep = null } = unit.folder.clues;
    if (unit.step === null || training == null || unit.problems.length > 0) continue;
    const key = trainingOf(unit);
    if (unit.step > (last.get(key)?.step ?? -1)) last.set(key, { step: unit.step, bestStep });
  }
  return last;
}
