import type { CacheBody, Plan } from "../../_analytics/cache-contract";
import { formatCount, useWords } from "../../_analytics/words";
import { Bytes } from "./Bytes";
import { PlanItems } from "./PlanItems";
import { StayingRepos } from "./StayingRepos";

interface PlanViewProps {
  plan: Plan;
  /** The cache has changed since the plan that was shown before. */
  isRenewed: boolean;
  cache: CacheBody | null;
  onApply: () => void;
  onClose: () => void;
}

/** What a cleaning would free, to the byte, why, and what would stay; then the question. */
export function PlanView({ plan, isRenewed, cache, onApply, onClose }: PlanViewProps) {
  const { items, expected_freed_size: freed, held_size: held, warnings } = plan;
  const going = new Set(items.map(({ repo_type, repo_id }) => `${repo_type}/${repo_id}`));
  // Of what other programs have open, the plan itself warns.
  const uses = cache?.in_use.filter(({ repo, use }) => going.has(repo) && use !== "open") ?? [];
  return (
    <>
      {isRenewed && (
        <p role="status" className="rounded-box border border-accent-line bg-accent-soft px-3 py-2">
          The cache has changed since the plan you saw. Nothing was removed; this is the plan as it is now.
        </p>
      )}
      {items.length === 0 ? (
        <p data-testid="nothing">There is nothing to remove.</p>
      ) : (
        <>
          <p>
            <strong data-testid="frees">
              <Bytes bytes={freed} isExact />
            </strong>{" "}
            would be freed;{" "}
            <span data-testid="stays">
              <Bytes bytes={held - freed} isExact />
            </span>{" "}
            would stay.
          </p>
          <PlanItems items={items} />
        </>
      )}
      {uses.map((use) => (
        <p key={`${use.repo} ${use.model}`} className="text-bad">
          {use.repo} is {useWords(use)}: what it needs stays.
        </p>
      ))}
      {warnings.map((warning, index) => (
        <p key={index} className="wrap-anywhere text-bad">
          {warning}
        </p>
      ))}
      {cache !== null && <StayingRepos repos={cache.repos} items={items} />}
      <div className="flex flex-wrap gap-2">
        {items.length > 0 && (
          <button
            type="button"
            className="rounded-control bg-accent-fill px-3 py-1 text-white hover:bg-accent-hover"
            onClick={onApply}
          >
            Remove {items.length === 1 ? "this" : `these ${formatCount(items.length)}`}
          </button>
        )}
        <button type="button" className="button-quiet" onClick={onClose}>
          {items.length > 0 ? "Leave all as it is" : "Close"}
        </button>
      </div>
    </>
  );
}
