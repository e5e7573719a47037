import { useEffect, useRef } from "react";

import type { StorageSums } from "../../_storage/contract";
import type { UsedStorageWork, WorkState } from "../../_storage/use-storage-work";
import { CleaningRefusal } from "../analytics/CleaningRefusal";
import { WorkAsked } from "./WorkAsked";
import { WorkResult } from "./WorkResult";
import { WorkRunning } from "./WorkRunning";

const TITLES: Record<WorkState["phase"], string> = {
  idle: "",
  trying: "It is looked at what would be done",
  asked: "What would be done",
  stale: "The plan has changed",
  running: "It is being done",
  done: "Done",
  lost: "It is not known how this ended",
  refused: "Nothing was done",
};

interface WorkDialogProps {
  used: UsedStorageWork;
  /** As the last audit says. */
  total: StorageSums | null;
  /** The folder is audited anew. */
  isAuditing: boolean;
  /** Audits the folder anew. */
  onRenew: () => void;
}

/** Work in a folder from the question to its end, over the page. */
export function WorkDialog(props: WorkDialogProps) {
  const { used } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const { phase } = used.state;
  useEffect(() => {
    if (phase === "idle") return dialog.current?.close();
    if (dialog.current?.open === false) dialog.current.showModal();
    // The button that led here has gone with what it stood in.
    title.current?.focus();
  }, [phase]);
  if (phase === "idle") return <dialog ref={dialog} />;
  return (
    <dialog
      ref={dialog}
      aria-labelledby="storage-work-title"
      data-testid="storage-work"
      data-phase={phase}
      onClose={used.close}
      onCancel={(event) => phase === "running" && event.preventDefault()}
      className="m-auto max-h-[90dvh] w-[min(56rem,94vw)] max-w-none overflow-y-auto rounded-box border border-line bg-page p-4 text-ink backdrop:bg-black/40"
    >
      <div className="flex flex-col gap-3 text-sm">
        <h2 id="storage-work-title" ref={title} tabIndex={-1} className="text-lg font-semibold focus:outline-none">
          {isCancelled(used.state) ? "Cancelled" : TITLES[phase]}
        </h2>
        <WorkBody {...props} />
      </div>
    </dialog>
  );
}

function isCancelled(state: WorkState): boolean {
  return state.phase === "done" && state.done.applied?.is_cancelled === true;
}

function WorkBody({ used: { state, start, cancel, giveToken, close }, total, isAuditing, onRenew }: WorkDialogProps) {
  switch (state.phase) {
    case "idle":
      return null;
    case "trying":
      return <p className="text-quiet">Each file of the chosen steps is looked at as it is now.</p>;
    case "asked":
      return <WorkAsked call={state.call} tried={state.tried} onStart={start} onClose={close} />;
    case "stale":
      return (
        <Note words={`${state.message} The folder is audited anew for that.`} onClose={close}>
          <button
            type="button"
            className="rounded-control bg-accent-fill px-3 py-1 text-white hover:bg-accent-hover"
            onClick={() => {
              close();
              onRenew();
            }}
          >
            Audit again
          </button>
        </Note>
      );
    case "running":
      return <WorkRunning {...state} onCancel={cancel} />;
    case "done":
      return <WorkResult done={state.done} total={total} isAuditing={isAuditing} onClose={close} />;
    case "lost":
      return (
        <Note
          words={`${state.problem} A server that still runs goes on with it, step by step; what a killed one has left is in the trash, to be gone on with or undone.`}
          onClose={close}
        />
      );
    case "refused":
      return (
        <CleaningRefusal
          {...state}
          words="Looking is open to everybody; to change something is not."
          onToken={giveToken}
          onClose={close}
        />
      );
  }
}

function Note({ words, children, onClose }: { words: string; children?: React.ReactNode; onClose: () => void }) {
  return (
    <>
      <p className="wrap-anywhere text-bad" role="alert">
        {words}
      </p>
      <div className="flex gap-2">
        {children}
        <button type="button" className="button-quiet" onClick={onClose}>
          Close
        </button>
      </div>
    </>
  );
}
