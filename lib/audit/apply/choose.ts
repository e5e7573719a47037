import { MemwellError } from "../../errors";
import type { AuditPlan } from "../plan/contract";
import type { Choice } from "./contract";
import type { JournalStep } from "./journal-lines";

/** The steps that were chosen, in the plan's order. @throws MemwellError `not_found` for one that the plan has not */
export function chosenSteps(plan: AuditPlan, { phases, steps }: Choice): JournalStep[] {
  const all = plan.phases.flatMap((phase) => phase.steps.map((step) => ({ ...step, phase: phase.phase })));
  const unknown = steps?.find((id) => !all.some((step) => step.id === id));
  if (unknown !== undefined)
    throw new MemwellError("not_found", `The plan has no step ${unknown}. Look at the plan again.`, { step: unknown });
  const isChosen = ({ id, phase }: JournalStep): boolean =>
    (phases === undefined || phases.includes(phase)) && (steps === undefined || steps.includes(id));
  return all.filter(isChosen);
}
