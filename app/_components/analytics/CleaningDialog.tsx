import { useEffect, useRef } from "react";

import type { CacheBody } from "../../_analytics/cache-contract";
import type { Cleaning, UsedCleaning } from "../../_analytics/use-cleaning";
import { CleaningLost } from "./CleaningLost";
import { CleaningProgress } from "./CleaningProgress";
import { CleaningRefusal } from "./CleaningRefusal";
import { CleaningResult } from "./CleaningResult";
import { PlanView } from "./PlanView";

const TITLES: Record<Cleaning["phase"], string> = {
  idle: "",
  planning: "The plan is being made",
  planned: "What would go",
  applying: "It is being removed",
  done: "Done",
  lost: "It is not known how this ended",
  refused: "Nothing was removed",
};

interface CleaningDialogProps {
  used: UsedCleaning;
  /** As it is now. */
  cache: CacheBody | null;
}

/** A cleaning from its plan to its end, over the page. */
export function CleaningDialog({ used, cache }: CleaningDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const { phase } = used.cleaning;
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
      aria-labelledby="cleaning-title"
      data-testid="cleaning"
      onClose={used.close}
      onCancel={(event) => phase === "applying" && event.preventDefault()}
      className="m-auto max-h-[90dvh] w-[min(56rem,94vw)] max-w-none overflow-y-auto rounded-box border border-line bg-page p-4 text-ink backdrop:bg-black/40"
    >
      <div className="flex flex-col gap-3 text-sm">
        <h2 id="cleaning-title" ref={title} tabIndex={-1} className="text-lg font-semibold focus:outline-none">
          {"isCancelled" in used.cleaning && used.cleaning.isCancelled ? "Cancelled" : TITLES[phase]}
        </h2>
        <CleaningBody used={used} cache={cache} />
      </div>
    </dialog>
  );
}

function CleaningBody({ used: { cleaning, apply, cancel, giveToken, close }, cache }: CleaningDialogProps) {
  switch (cleaning.phase) {
    case "idle":
      return null;
    case "planning":
      return <p className="text-quiet">What is in the cache is being read, and what needs what.</p>;
    case "planned":
      return <PlanView {...cleaning} cache={cache} onApply={apply} onClose={close} />;
    case "applying":
      return <CleaningProgress {...cleaning} onCancel={cancel} />;
    case "done":
      return <CleaningResult {...cleaning} onClose={close} />;
    case "lost":
      return <CleaningLost {...cleaning} cache={cache} onClose={close} />;
    case "refused":
      return <CleaningRefusal {...cleaning} onToken={giveToken} onClose={close} />;
  }
}
