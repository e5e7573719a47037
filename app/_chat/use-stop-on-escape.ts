"use client";

import { useEffect } from "react";

/** Escape stops what is being written, unless something nearer to hand takes it: a dialog, an editor, an open row. */
export function useStopOnEscape(isBusy: boolean, stop: () => void): void {
  useEffect(() => {
    if (!isBusy) return;
    const onKey = (event: KeyboardEvent) => {
      // While an input method composes a word, Escape throws away the word.
      if (event.key !== "Escape" || event.isComposing) return;
      if (document.querySelector("dialog[open]") === null) stop();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [isBusy, stop]);
}
