"use client";

import { useEffect, useId, useRef, type ReactNode } from "react";

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
}

/** A window over the page for as long as it is there: Escape, its button and a click beside it close it. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
      className="m-auto w-[min(36rem,calc(100vw-1.5rem))] rounded-box border border-line bg-surface text-left text-base text-ink backdrop:bg-black/40"
    >
      <div className="p-4">
        {/* On a phone a long one scrolls, and there is no Escape. */}
        <div className="sticky top-0 z-10 -mx-4 -mt-4 flex items-start justify-between gap-4 bg-surface px-4 pt-4 pb-2">
          <h2 id={id} className="text-lg font-semibold">
            {title}
          </h2>
          <button type="button" className="button-quiet" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
