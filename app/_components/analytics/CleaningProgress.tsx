import type { Applying } from "../../_analytics/use-cleaning";
import { counted, formatCount } from "../../_analytics/words";
import { Bytes } from "./Bytes";

/** A browser's own bar is in its own colours. */
const BAR =
  "h-3 w-full appearance-none overflow-hidden rounded-full border border-field-line bg-raised [&::-moz-progress-bar]:bg-accent-fill [&::-webkit-progress-bar]:bg-raised [&::-webkit-progress-value]:bg-accent-fill";

/** How far a cleaning is, in bytes and files, and how to end it. */
export function CleaningProgress({
  plan,
  progress,
  isCancelling,
  problem,
  onCancel,
}: Applying & { onCancel: () => void }) {
  const total = plan.expected_freed_size;
  const freed = progress?.freed_size ?? 0;
  // A plan may be of links alone.
  const [value, max] = total > 0 ? [freed, total] : [progress?.nb_files ?? 0, progress?.total_files ?? 1];
  return (
    <>
      <progress aria-label="How far it is" className={BAR} value={value} max={Math.max(1, max)} />
      <p className="tabular-nums" data-testid="progress">
        <Bytes bytes={freed} /> of <Bytes bytes={total} />
        {progress !== null && `, ${formatCount(progress.nb_files)} of ${counted(progress.total_files, "file")}`}
      </p>
      <p className="text-quiet">This page may be left: the server goes on.</p>
      {problem !== null && (
        <p className="wrap-anywhere text-bad" role="alert">
          It could not be cancelled: {problem}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-3">
        <button type="button" className="button-quiet disabled:opacity-50" disabled={isCancelling} onClick={onCancel}>
          Cancel
        </button>
        <p role="status">{isCancelling && "It ends after the file that is its turn."}</p>
      </div>
    </>
  );
}
