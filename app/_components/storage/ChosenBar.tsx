import { useState } from "react";

import { counted } from "../../_analytics/words";
import { chosenSteps, chosenSums, uploads, type Choices } from "../../_storage/chosen";
import type { StoragePlan } from "../../_storage/contract";
import type { WorkCall } from "../../_storage/work-calls";
import { Size } from "./Size";

interface ChosenBarProps {
  plan: StoragePlan;
  choices: Choices;
  onAsk: (call: WorkCall) => void;
}

/** What is chosen of a plan, and the buttons that try it or carry it out; in sight as long as something is chosen. */
export function ChosenBar({ plan, choices, onAsk }: ChosenBarProps) {
  const [publishTo, setPublishTo] = useState("");
  const { nb_steps: count, apparent_size: leaves } = chosenSums(plan, choices);
  const ask = (isTry: boolean) => onAsk({ work: "apply", plan, chosen: chosenSteps(choices, publishTo), isTry });
  return (
    <div
      className={`flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line bg-page py-2 ${count > 0 ? "sticky bottom-0 z-10" : ""}`}
    >
      <p role="status" data-testid="chosen">
        {count === 0 ? (
          "No step is chosen."
        ) : (
          <>
            {counted(count, "step")} chosen: <Size bytes={leaves} /> leave the folder
          </>
        )}
      </p>
      {uploads(plan, choices) && (
        <label className="flex min-w-0 items-center gap-2 text-sm text-quiet">
          Upload to
          <input
            type="text"
            className="h-8 w-56 max-w-full min-w-0 rounded-control border border-field-line bg-surface px-2 text-ink placeholder:text-quiet"
            placeholder="ORG/NAME on the Hub"
            maxLength={200}
            spellCheck={false}
            value={publishTo}
            onChange={(event) => setPublishTo(event.target.value)}
          />
        </label>
      )}
      <div className="flex gap-2">
        <button
          type="button"
          className="button-quiet disabled:opacity-50"
          disabled={count === 0}
          onClick={() => ask(true)}
        >
          Dry run
        </button>
        <button
          type="button"
          className="rounded-control bg-accent-fill px-3 py-1 text-sm text-white hover:bg-accent-hover disabled:opacity-50"
          disabled={count === 0}
          onClick={() => ask(false)}
        >
          Carry out
        </button>
      </div>
    </div>
  );
}
