import type { StoragePhase } from "../../_storage/contract";
import { ACTION_WORDS } from "../../_storage/words";
import { Mark } from "../analytics/Mark";
import { Paths } from "./Paths";
import { PickBox } from "./PickBox";
import { Size } from "./Size";

type Step = StoragePhase["steps"]["entries"][number];

const RISKS: Record<Step["risk"], { tone: "plain" | "good" | "bad"; words: string }> = {
  none: { tone: "plain", words: "no risk" },
  low: { tone: "good", words: "low risk" },
  medium: { tone: "bad", words: "medium risk" },
};

interface StepRowProps {
  step: Step;
  isPicked: boolean;
  onPick: (isPicked: boolean) => void;
}

/** One step of a plan. */
export function StepRow({ step, isPicked, onPick }: StepRowProps) {
  const { id, action, what, why, apparent_size: size, is_estimate: isEstimate, risk, undo, paths, nb_paths } = step;
  const isOther = nb_paths > 1 || paths[0] !== what;
  return (
    <li
      className="flex gap-2 border-t border-line px-2 py-1.5 text-sm"
      data-testid="step"
      data-step={id}
      data-action={action}
    >
      <PickBox label={`${ACTION_WORDS[action]} ${what}`} isPicked={isPicked} onPick={onPick} />
      <div className="grid min-w-0 flex-1 gap-x-4 sm:grid-cols-[minmax(0,1fr)_auto]">
        <div className="min-w-0">
          <p className="wrap-anywhere whitespace-pre-wrap">
            <span className="text-quiet">{ACTION_WORDS[action]}</span> {what}
          </p>
          <p className="wrap-anywhere text-quiet">
            {why}; to undo it: {undo}
          </p>
          {isOther && (
            <details className="text-xs text-quiet">
              <summary>{nb_paths === 1 ? "1 path" : `${nb_paths.toLocaleString("en-US")} paths`}</summary>
              <Paths paths={paths} count={nb_paths} />
            </details>
          )}
        </div>
        <p className="flex items-start gap-2 sm:justify-end">
          <Mark tone={RISKS[risk].tone}>{RISKS[risk].words}</Mark>
          <span className="whitespace-nowrap">
            {isEstimate && <span className="text-quiet">about </span>}
            <Size bytes={size} />
          </span>
        </p>
      </div>
    </li>
  );
}
