import type { CacheBody, ExecutedPlan } from "../../_analytics/cache-contract";
import { formatCount } from "../../_analytics/words";
import { BeforeAfter } from "./BeforeAfter";
import { Bytes } from "./Bytes";
import { nameOf } from "./PlanItems";

interface CleaningResultProps {
  executed: ExecutedPlan;
  before: CacheBody | null;
  /** Null when it could not be read. */
  after: CacheBody | null;
  onClose: () => void;
}

const MOST_ROWS = 200;

/** What was freed, what stayed against the plan and why, and the cache before and after. */
export function CleaningResult({ executed, before, after, onClose }: CleaningResultProps) {
  const { freed_size, removed, kept, warnings } = executed;
  return (
    <>
      <p>
        <strong data-testid="freed">
          <Bytes bytes={freed_size} isExact />
        </strong>{" "}
        {freed_size === 1 ? "was" : "were"} freed.
      </p>
      {kept.slice(0, MOST_ROWS).map(({ item, reason }, index) => (
        <p key={index} className="wrap-anywhere text-bad" data-testid="kept">
          {nameOf(item)} stays: {reason}.
        </p>
      ))}
      {kept.length > MOST_ROWS && <p className="text-bad">And {formatCount(kept.length - MOST_ROWS)} more stay.</p>}
      <Removed removed={removed} of={removed.length + kept.length} />
      {warnings.map((warning, index) => (
        <p key={index} className="wrap-anywhere text-quiet">
          {warning}
        </p>
      ))}
      {before !== null && after !== null && <BeforeAfter before={before} after={after} />}
      <div>
        <button type="button" className="button-quiet" onClick={onClose}>
          Close
        </button>
      </div>
    </>
  );
}

function Removed({ removed, of }: { removed: ExecutedPlan["removed"]; of: number }) {
  const words = `${formatCount(removed.length)} of ${formatCount(of)} ${removed.length === 1 ? "was" : "were"} removed`;
  if (removed.length === 0) return <p data-testid="removed">{words}</p>;
  return (
    <details data-testid="removed">
      <summary>{words}</summary>
      <ul className="mt-1 max-h-48 overflow-y-auto pl-4" tabIndex={0} aria-label="What was removed">
        {removed.slice(0, MOST_ROWS).map((item) => (
          <li key={`${item.kind} ${item.paths[0]}`} className="wrap-anywhere">
            {nameOf(item)} <Bytes bytes={item.freed_size} />
          </li>
        ))}
        {removed.length > MOST_ROWS && <li>and {formatCount(removed.length - MOST_ROWS)} more</li>}
      </ul>
    </details>
  );
}
