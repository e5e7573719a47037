"use client";

import { useCallback, useEffect, useRef, type RefObject } from "react";

import { messageDraft } from "./drafts";

/** Whose the draft is when there is no conversation yet. */
const NEW = "new";

export interface Draft {
  field: RefObject<HTMLTextAreaElement | null>;
  /** The text, without blanks around it. */
  read: () => string;
  write: (text: string) => void;
  /** To be called at every input: the text outlives a reload. */
  keep: () => void;
  /** The new conversation has got this id: what was typed since is its draft. */
  moveTo: (conversation: string) => void;
}

/**
 * The text being typed, one for each conversation. It stays in the field itself, not in React's state: typing draws
 * nothing again, and what was typed before the page came alive is not lost.
 *
 * @param conversation null for a new one; undefined until it is known
 */
export function useDraft(conversation: string | null | undefined): Draft {
  const field = useRef<HTMLTextAreaElement>(null);
  const owner = useRef<string | undefined>(undefined);
  const keep = useCallback(() => messageDraft(owner.current ?? NEW).write(field.current?.value ?? ""), []);
  const read = useCallback(() => field.current?.value.trim() ?? "", []);
  const write = useCallback((text: string) => {
    if (field.current !== null) field.current.value = text;
    messageDraft(owner.current ?? NEW).write(text);
  }, []);
  const moveTo = useCallback((next: string) => {
    if (owner.current !== NEW) return;
    messageDraft(NEW).write("");
    owner.current = next;
    messageDraft(next).write(field.current?.value ?? "");
  }, []);
  useEffect(() => {
    if (conversation === undefined) return;
    const next = conversation ?? NEW;
    const isFirst = owner.current === undefined;
    if (owner.current === next) return;
    owner.current = next;
    if (field.current === null) return;
    if (isFirst && field.current.value !== "") messageDraft(next).write(field.current.value);
    else field.current.value = messageDraft(next).read();
  }, [conversation]);
  return { field, read, write, keep, moveTo };
}
