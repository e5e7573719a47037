import { useId, useState } from "react";

import { counted } from "../../_analytics/words";
import { NOTHING_CHOSEN, withPhase, withStep, type Choices } from "../../_storage/chosen";
import type { StoragePlan } from "../../_storage/contract";
import type { WorkCall } from "../../_storage/work-calls";
import { ChosenBar } from "./ChosenBar";
import { CostTable } from "./CostTable";
import { KeptList } from "./KeptList";
import { PhaseChart } from "./PhaseChart";
import { PhaseSteps } from "./PhaseSteps";
import { PhaseTable } from "./PhaseTable";
import { Profiles } from "./Profiles";

interface PlanSectionProps {
  plan: StoragePlan;
  onAsk: (call: WorkCall) => void;
}

/** What could be done, phase by phase: the size after each, the steps, and the buttons that carry out what is chosen. */
export function PlanSection({ plan, onAsk }: PlanSectionProps) {
  const id = useId();
  const [choices, setChoices] = useState<Choices>(NOTHING_CHOSEN);
  const phases = plan.phases.filter(({ steps }) => steps.count > 0);
  return (
    <section aria-labelledby={id} className="flex min-w-0 flex-col gap-3" data-testid="plan" data-plan={plan.id}>
      <h2 id={id} className="text-lg font-semibold">
        The plan
      </h2>
      {phases.length === 0 ? (
        <p className="text-quiet" data-testid="no-steps">
          There is nothing to do: nothing in this folder is there twice, can be made again, or is better kept elsewhere.
        </p>
      ) : (
        <>
          <div className="grid gap-4 lg:grid-cols-2">
            <PhaseTable plan={plan} />
            <PhaseChart plan={plan} />
          </div>
          {phases.map((phase) => (
            <PhaseSteps
              key={phase.phase}
              phase={phase}
              choices={choices}
              onPhase={(isWanted) => setChoices((known) => withPhase(known, phase.phase, isWanted))}
              onStep={(step, isWanted) => setChoices((known) => withStep(known, phase, step, isWanted))}
            />
          ))}
          <ChosenBar plan={plan} choices={choices} onAsk={onAsk} />
        </>
      )}
      <CostTable cost={plan.cost} />
      <Profiles profiles={plan.profiles} />
      <KeptList title="stay" list={plan.kept} />
      {plan.nb_not_read > 0 && (
        <p className="text-sm text-quiet" data-testid="not-read">
          {counted(plan.nb_not_read, "folder or file", "folders and files")} could not be read, so that nobody knows
          what they refer to; the first is{" "}
          <span className="wrap-anywhere whitespace-pre-wrap">{plan.not_read[0]?.path}</span>
        </p>
      )}
      <KeptList title="would go, but are needed" list={plan.left_alone} />
    </section>
  );
}
