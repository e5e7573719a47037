import { MemwellError } from "../../errors";
import { carryOut, resultOf } from "./carry-out";
import type { ApplyEvent, Outcome, StepResult } from "./contract";
import { isSystemError } from "./disk";
import type { Entry } from "./entry";
import type { JournalStep } from "./journal-lines";
import { prepare } from "./prepare";
import { isFull, LeftAlone, refusalOf } from "./reasons";
import type { Prepared, Run } from "./run";
import { noSizes } from "./weigher";
import { sumsOf } from "./results";

/**
 * Looks at steps one after the other and, with an entry of the trash, carries them out. What is left alone is so with a
 * reason; only a full disk ends it.
 *
 * @throws MemwellError `disk_full`
 */
export async function runSteps(
  run: Run,
  steps: readonly JournalStep[],
  entry: Entry | null,
  tell: (event: ApplyEvent) => void = () => {},
): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (const [index, step] of steps.entries()) {
    const { id, action, what } = step;
    tell({ type: "step-started", step: { id, action, what }, index, nb_steps: steps.length });
    const result = await runStep(run, step, entry, tell);
    results.push(result);
    tell({ type: "step-ended", result, achieved: sumsOf(results).achieved });
  }
  return results;
}

async function runStep(
  run: Run,
  step: JournalStep,
  entry: Entry | null,
  tell: (event: ApplyEvent) => void,
): Promise<StepResult> {
  let prepared: Prepared | null = null;
  const ended = (outcome: Outcome, reason: string | null): StepResult =>
    resultOf(prepared ?? { step, moves: [], expected: noSizes() }, outcome, reason);
  if (run.signal?.aborted) return ended("cancelled", null);
  try {
    prepared = await prepare(run, step);
    if (entry === null) {
      run.expected = prepared.weigher;
      return ended("would", null);
    }
    const achieved = await carryOut(run, entry, prepared, tell);
    run.expected = prepared.weigher;
    return { ...ended("done", null), achieved };
  } catch (thrown) {
    if (thrown instanceof LeftAlone) return ended("left-alone", thrown.reason);
    if (isSystemError(thrown) && !isFull(thrown)) return ended("left-alone", refusalOf(thrown));
    if (!(thrown instanceof MemwellError) || thrown.code === "disk_full") throw thrown;
    return thrown.code === "aborted" ? ended("cancelled", null) : ended("left-alone", thrown.message);
  }
}
