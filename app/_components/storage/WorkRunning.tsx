import { counted, formatCount } from "../../_analytics/words";
import type { WorkState } from "../../_storage/use-storage-work";
import type { WorkProgress } from "../../_storage/work-calls";
import { ProgressBar } from "./ProgressBar";
import { Size } from "./Size";

type Running = Extract<WorkState, { phase: "running" }>;

/** How far the work is, and how to end it between two steps. */
export function WorkRunning({ progress, isCancelling, problem, onCancel }: Running & { onCancel: () => void }) {
  const [value, max] = shareOf(progress);
  return (
    <>
      <ProgressBar label="How far it is" value={value} max={max} />
      <p className="tabular-nums" data-testid="progress">
        {progress === null ? "It begins." : <ProgressWords progress={progress} />}
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
        <p role="status">{isCancelling && "It ends after the step that is its turn."}</p>
      </div>
    </>
  );
}

function shareOf(progress: WorkProgress | null): [number, number] {
  if (progress === null) return [0, 1];
  if ("nb_all" in progress) return [progress.nb_all === null ? 0 : progress.nb_done, progress.nb_all ?? 1];
  const { expected, achieved, nb_done, nb_steps } = progress;
  // A plan may be of links alone.
  return expected.apparent_size > 0 ? [achieved.apparent_size, expected.apparent_size] : [nb_done, nb_steps];
}

function ProgressWords({ progress }: { progress: WorkProgress }) {
  if ("nb_all" in progress) {
    const { nb_done: done, nb_all: all } = progress;
    return <>{all === null ? counted(done, "file") : `${formatCount(done)} of ${counted(all, "path")}`}</>;
  }
  const { nb_done: done, nb_steps: all, achieved, expected, what } = progress;
  return (
    <>
      {formatCount(done)} of {counted(all, "step")}, <Size bytes={achieved.apparent_size} /> of{" "}
      <Size bytes={expected.apparent_size} />
      {what !== null && <span className="block truncate text-quiet">{what.replaceAll(/\s/g, " ")}</span>}
    </>
  );
}
