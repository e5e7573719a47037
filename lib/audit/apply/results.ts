import { toText } from "../walk/byte-path";
import type { AuditPlan } from "../plan/contract";
import type { ApplyResult, PhaseResult, Sizes, StepResult } from "./contract";
import type { JournalStep } from "./journal-lines";
import type { Root } from "./root";
import { addTo, noSizes, sumOf } from "./weigher";

interface Ended {
  id: string | null;
  isDryRun: boolean;
  steps: readonly JournalStep[];
  results: readonly StepResult[];
}

/** What was planned, expected and achieved: by step, by phase, together. */
export function resultOfAll(root: Root, plan: AuditPlan, { id, isDryRun, steps, results }: Ended): ApplyResult {
  const phases = [...new Set(steps.map(({ phase }) => phase))].map((phase): PhaseResult => {
    const own = results.filter((result) => result.phase === phase);
    const planned = plannedOf(steps.filter((step) => step.phase === phase));
    return { phase, planned, ...sumsOf(own), steps: own };
  });
  return {
    id,
    folder: toText(root.path),
    plan_id: plan.id,
    is_dry_run: isDryRun,
    is_cancelled: results.some(({ outcome }) => outcome === "cancelled"),
    planned: plannedOf(steps),
    ...sumsOf(results),
    phases,
  };
}

function plannedOf(steps: readonly JournalStep[]): Sizes {
  const sum = noSizes();
  for (const step of steps) addTo(sum, step);
  return sum;
}

export function sumsOf(results: readonly StepResult[]): { expected: Sizes; achieved: Sizes } {
  return {
    expected: sumOf(results.map(({ expected }) => expected)),
    achieved: sumOf(results.map(({ achieved }) => achieved)),
  };
}
