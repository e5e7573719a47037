import { counted } from "../../_analytics/words";
import type { StorageApplied } from "../../_storage/contract";
import type { WorkCall } from "../../_storage/work-calls";
import { Size } from "./Size";
import { StepResults } from "./StepResults";

interface WorkAskedProps {
  call: WorkCall;
  /** What would be done now, of a plan. */
  tried: StorageApplied | null;
  onStart: () => void;
  onClose: () => void;
}

/** What would be done now; and the question whether to, unless it was a dry run. */
export function WorkAsked({ call, tried, onStart, onClose }: WorkAskedProps) {
  const isTry = call.work === "apply" && call.isTry;
  const would = tried?.phases.flatMap(({ steps }) => steps.entries).some(({ outcome }) => outcome === "would") ?? true;
  return (
    <>
      <Question call={call} tried={tried} />
      {tried !== null && <StepResults applied={tried} />}
      {tried !== null && isTry && <p className="text-quiet">This was a dry run: nothing was changed.</p>}
      <div className="flex flex-wrap gap-2">
        {would && (
          <button
            type="button"
            className={
              isTry ? "button-quiet" : "rounded-control bg-accent-fill px-3 py-1 text-white hover:bg-accent-hover"
            }
            onClick={onStart}
          >
            {START_WORDS[call.work]}
          </button>
        )}
        <button type="button" className="button-quiet" onClick={onClose}>
          {isTry || !would ? "Close" : "Leave all as it is"}
        </button>
      </div>
    </>
  );
}

const START_WORDS: Record<WorkCall["work"], string> = {
  apply: "Carry it out",
  undo: "Put it back",
  resume: "Go on with it",
  "empty-trash": "Remove it for good",
};

function Question({ call, tried }: Pick<WorkAskedProps, "call" | "tried">) {
  switch (call.work) {
    case "apply":
      return (
        <p>
          <strong data-testid="would-leave">
            <Size bytes={tried?.expected.apparent_size ?? 0} />
          </strong>{" "}
          would leave the folder, for its trash; the disk gets <Size bytes={tried?.expected.size_on_disk ?? 0} /> back
          when the trash is emptied. Until then all of it can be undone.
        </p>
      );
    case "undo":
      return (
        <p>
          <strong>
            <Size bytes={call.entry.apparent_size} />
          </strong>{" "}
          of {counted(call.entry.steps.count, "step")} go back to where they were. What stands in their way stays.
        </p>
      );
    case "resume":
      return <p>What was interrupted is gone on with: {call.entry.interrupted ?? "apply"}.</p>;
    case "empty-trash": {
      const { apparent_size: size, size_on_disk: onDisk } = call.entry ?? call.trash;
      return (
        <p>
          <strong>
            <Size bytes={size} />
          </strong>{" "}
          are removed for good, and the disk gets <Size bytes={onDisk} /> back. This cannot be undone.
        </p>
      );
    }
  }
}
