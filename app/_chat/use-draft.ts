"use client";

import { useCallback, useEffect, useRef, type RefObject } from "react";

const KEY = "memwell.draft";

export interface Draft {
  field: RefObject<HTMLTextAreaElement | null>;
  /** The text, without blanks around it. */
  read: () => string;
  write: (text: string) => void;
  /** To be called at every input: the text outlives a reload. */
  keep: () => void;
}

/**
 * The text being typed. It stays in the field itself, not in React's state: typing draws nothing again, and what was typed
 * before the page came alive is not lost.
 */
export function useDraft(): Draft {
  const field = useRef<HTMLTextAreaElement>(null);
  const keep = useCallback(() => store(field.current?.value ?? ""), []);
  const read = useCallback(() => field.current?.value.trim() ?? "", []);
  const write = useCallback((text: string) => {
    if (field.current !== null) field.current.value = text;
    store(text);
  }, []);
  useEffect(() => {
    if (field.current?.value === "") field.current.value = stored();
  }, []);
  return { field, read, write, keep };
}

// A frame of another site may be denied storage: the draft then lasts as long as the page.
function store(text: string): void {
  try {
    sessionStorage.setItem(KEY, text);
  } catch {
    return;
  }
}

function stored(): string {
  try {
    return sessionStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}
