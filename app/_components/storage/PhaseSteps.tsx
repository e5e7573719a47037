import { useId, useState } from "react";

import { counted } from "../../_analytics/words";
import { isChosen, type Choices } from "../../_storage/chosen";
import type { StoragePhase } from "../../_storage/contract";
import { PHASE_TITLES, PHASE_WORDS } from "../../_storage/words";
import { Pager } from "../analytics/Pager";
import { PickBox } from "./PickBox";
import { Size } from "./Size";
import { StepRow } from "./StepRow";

const PAGE_ROWS = 10;

interface PhaseStepsProps {
  phase: StoragePhase;
  choices: Choices;
  onPhase: (isWanted: boolean) => void;
  onStep: (step: string, isWanted: boolean) => void;
}

/** The steps of a phase, each with what, why, how risky, how to undo it, and whether it is chosen. */
export function PhaseSteps({ phase: whole, choices, onPhase, onStep }: PhaseStepsProps) {
  const id = useId();
  const [page, setPage] = useState(0);
  const { phase, steps, apparent_size_before: before, apparent_size_after: after } = whole;
  const own = choices.get(phase);
  const pages = Math.ceil(steps.entries.length / PAGE_ROWS);
  const shown = steps.entries.slice(page * PAGE_ROWS, (page + 1) * PAGE_ROWS);
  return (
    <section
      aria-labelledby={id}
      className="min-w-0 rounded-box border border-line bg-surface"
      data-phase={phase}
      data-testid="phase-steps"
    >
      <div className="flex items-center gap-2 bg-raised px-2 py-1.5">
        <PickBox
          label={`All steps of ${PHASE_TITLES[phase]}`}
          isPicked={own === "all"}
          isPartly={own !== undefined && own !== "all"}
          onPick={onPhase}
        />
        <h3 id={id} className="min-w-0 text-sm">
          <span className="font-semibold">{PHASE_TITLES[phase]}</span>
          <span className="text-quiet max-sm:hidden">: {PHASE_WORDS[phase]}</span>
        </h3>
        <p className="ml-auto text-right text-sm whitespace-nowrap text-quiet">
          {counted(steps.count, "step")}, <Size bytes={before - after} />
        </p>
      </div>
      <ul>
        {shown.map((step) => (
          <StepRow
            key={step.id}
            step={step}
            isPicked={isChosen(choices, phase, step.id)}
            onPick={(isWanted) => onStep(step.id, isWanted)}
          />
        ))}
      </ul>
      {pages > 1 && (
        <div className="flex flex-wrap items-center gap-3 border-t border-line px-2 py-1.5 text-sm text-quiet">
          <Pager of={`the steps of ${PHASE_TITLES[phase]}`} page={page} pages={pages} onTurn={setPage} />
          {steps.count > steps.entries.length && (
            <span>The {counted(steps.entries.length, "largest step")} of them are listed.</span>
          )}
        </div>
      )}
    </section>
  );
}
