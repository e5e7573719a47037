import { formatCount } from "../../_analytics/words";
import type { StorageApplied } from "../../_storage/contract";
import { ACTION_WORDS, PHASE_TITLES } from "../../_storage/words";
import { Mark } from "../analytics/Mark";
import { Size } from "./Size";

type StepResult = StorageApplied["phases"][number]["steps"]["entries"][number];

const MOST_ROWS = 200;
const OUTCOMES: Record<StepResult["outcome"], { tone: "plain" | "good" | "bad"; words: string }> = {
  would: { tone: "good", words: "would be done" },
  done: { tone: "good", words: "done" },
  "left-alone": { tone: "bad", words: "left alone" },
  cancelled: { tone: "plain", words: "cancelled" },
};

/** What became of each step, or would. A long list scrolls by itself, by keyboard too. */
export function StepResults({ applied }: { applied: StorageApplied }) {
  const rows = applied.phases.flatMap(({ phase, steps }) => steps.entries.map((step) => ({ phase, step })));
  const count = applied.phases.reduce((sum, { steps }) => sum + steps.count, 0);
  const head = "sticky top-0 bg-raised px-2 py-1 font-semibold";
  return (
    <div
      role="region"
      aria-label="The steps"
      tabIndex={0}
      className="max-h-72 overflow-auto rounded-control border border-line bg-surface"
    >
      <table className="w-full border-collapse" data-testid="step-results">
        <thead>
          <tr>
            <th scope="col" className={`${head} text-left`}>
              Step
            </th>
            <th scope="col" className={`${head} hidden text-right sm:table-cell`}>
              Expected
            </th>
            {!applied.is_dry_run && (
              <th scope="col" className={`${head} text-right`}>
                Achieved
              </th>
            )}
            <th scope="col" className={`${head} text-left`}>
              Outcome
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST_ROWS).map(({ phase, step }) => (
            <tr key={step.id} className="border-t border-line" data-outcome={step.outcome} data-step={step.id}>
              <td className="px-2 py-1 align-top">
                <span className="text-quiet">
                  {PHASE_TITLES[phase]}: {ACTION_WORDS[step.action]}
                </span>{" "}
                <span className="wrap-anywhere whitespace-pre-wrap">{step.what}</span>
              </td>
              <td className="hidden px-2 py-1 text-right align-top sm:table-cell">
                <Size bytes={step.expected.apparent_size} />
              </td>
              {!applied.is_dry_run && (
                <td className="px-2 py-1 text-right align-top">
                  <Size bytes={step.achieved.apparent_size} />
                </td>
              )}
              <td className="px-2 py-1 align-top">
                <Mark tone={OUTCOMES[step.outcome].tone}>{OUTCOMES[step.outcome].words}</Mark>
                {step.reason !== null && <p className="wrap-anywhere text-quiet">{step.reason}</p>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {count > MOST_ROWS && <p className="px-2 py-1 text-quiet">and {formatCount(count - MOST_ROWS)} more</p>}
    </div>
  );
}
