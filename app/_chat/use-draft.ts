"use client";

import { useCallback, useEffect, useRef, type RefObject } from "react";

import { messageDraft, sentMessage } from "./drafts";

/** Whose the draft is when there is no conversation yet. */
const NEW = "new";

export interface Draft {
  field: RefObject<HTMLTextAreaElement | null>;
  /** The text, without blanks around it. */
  read: () => string;
  write: (text: string) => void;
  /** Puts a text before what stands in the field already. */
  giveBack: (text: string) => void;
  /** To be called at every input: the text outlives a reload. */
  keep: () => void;
  /** This text is on its way to the server: it outlives a reload, too, and comes back into the field after one. */
  keepSent: (text: string) => void;
  /** The server has it, or it was given back. */
  forgetSent: () => void;
  /** Nobody waits any more for the server to take what was sent: it is a draft again. */
  takeBack: () => void;
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
  const giveBack = useCallback(
    (text: string) => write([text, read()].filter((each) => each !== "").join("\n\n")),
    [write, read],
  );
  const keepSent = useCallback((text: string) => sentMessage(owner.current ?? NEW).write(text), []);
  const forgetSent = useCallback(() => keepSent(""), [keepSent]);
  const takeBack = useCallback(() => {
    const sent = sentMessage(owner.current ?? NEW).read();
    // A browser may have put it back into the field by itself.
    if (sent !== "" && sent !== read()) giveBack(sent);
    forgetSent();
  }, [read, giveBack, forgetSent]);
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
    if (!isFirst) takeBack();
    owner.current = next;
    if (field.current === null) return;
    if (isFirst && field.current.value !== "") messageDraft(next).write(field.current.value);
    else field.current.value = messageDraft(next).read();
    takeBack();
  }, [conversation, takeBack]);
  return { field, read, write, giveBack, keep, keepSent, forgetSent, takeBack, moveTo };
}
