"use client";

import { useCallback, useEffect, useState } from "react";

import { useShortcuts } from "./use-shortcuts";

const NOTE_FOR_MS = 4000;

interface PageParts {
  focusField: () => void;
  startAnew: () => void;
  search: () => void;
  /** The text of the newest answer; null when there is none. */
  lastAnswer: () => string | null;
}

export interface PageShortcuts {
  isListOpen: boolean;
  showList: (isOpen: boolean) => void;
  /** What a shortcut has done that is seen nowhere else; null after some seconds. */
  note: string | null;
}

/** The shortcuts of the chat. */
export function usePageShortcuts({ focusField, startAnew, search, lastAnswer }: PageParts): PageShortcuts {
  const [isListOpen, showList] = useState(false);
  const [note, setNote] = useState<{ text: string } | null>(null);
  useEffect(() => {
    if (note === null) return;
    const timer = setTimeout(() => setNote(null), NOTE_FOR_MS);
    return () => clearTimeout(timer);
  }, [note]);
  const copy = useCallback((text: string | null): void => {
    if (text === null) return setNote({ text: "There is no answer to copy yet." });
    // A page served without TLS, other than on localhost, has no clipboard.
    const copied = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error("no clipboard"));
    copied.then(
      () => setNote({ text: "The last answer was copied." }),
      () => setNote({ text: "This browser does not let the page copy: select the answer instead." }),
    );
  }, []);
  useShortcuts({
    field: focusField,
    new: startAnew,
    search,
    copy: () => copy(lastAnswer()),
    list: () => showList(true),
  });
  return { isListOpen, showList, note: note?.text ?? null };
}
