import type { StoragePhase, StoragePlan } from "./contract";
import type { ChosenSteps } from "./work-calls";

type PhaseName = StoragePhase["phase"];

/** What is chosen of each phase: all of it, also what no list shows, or steps by their ids. */
export type Choices = ReadonlyMap<PhaseName, "all" | ReadonlySet<string>>;

export const NOTHING_CHOSEN: Choices = new Map();

export function isChosen(choices: Choices, phase: PhaseName, step: string): boolean {
  const own = choices.get(phase);
  return own === "all" || (own?.has(step) ?? false);
}

/** A whole phase, or none of it. Pure. */
export function withPhase(choices: Choices, phase: PhaseName, isWanted: boolean): Choices {
  const next = new Map(choices);
  if (isWanted) next.set(phase, "all");
  else next.delete(phase);
  return next;
}

/** A step more or less. Without one of a whole phase, what is listed of the others stays. Pure. */
export function withStep(choices: Choices, { phase, steps }: StoragePhase, step: string, isWanted: boolean): Choices {
  const listed = steps.entries.map(({ id }) => id);
  const own = choices.get(phase);
  const ids = new Set(own === "all" ? listed : own);
  if (isWanted) ids.add(step);
  else ids.delete(step);
  const next = new Map(choices);
  if (ids.size === 0) next.delete(phase);
  else next.set(phase, ids.size === steps.count ? "all" : ids);
  return next;
}

/** As it is sent. @param publishTo ORG/NAME, or an empty text. Pure. */
export function chosenSteps(choices: Choices, publishTo: string): ChosenSteps {
  const chosen: ChosenSteps = { phases: [], steps: [], publishTo: publishTo.trim() };
  for (const [phase, own] of choices) {
    if (own === "all") chosen.phases.push(phase);
    else chosen.steps.push(...own);
  }
  return chosen;
}

/** Whether something that is chosen would be uploaded. Pure. */
export function uploads({ phases }: StoragePlan, choices: Choices): boolean {
  return phases.some(({ phase, steps }) =>
    steps.entries.some(({ id, action }) => action === "publish" && isChosen(choices, phase, id)),
  );
}

/** How many steps are chosen, and what leaves the folder by them. Bytes. Pure. */
export function chosenSums(plan: StoragePlan, choices: Choices): { nb_steps: number; apparent_size: number } {
  const sums = { nb_steps: 0, apparent_size: 0 };
  for (const { phase, steps, apparent_size_before: before, apparent_size_after: after } of plan.phases) {
    const own = choices.get(phase);
    if (own === "all") {
      sums.nb_steps += steps.count;
      sums.apparent_size += before - after;
      continue;
    }
    for (const { id, apparent_size: size } of steps.entries) {
      if (own?.has(id) !== true) continue;
      sums.nb_steps += 1;
      sums.apparent_size += size;
    }
  }
  return sums;
}
