"use client";

import { useCallback, useEffect, useRef, useState } from "react";

import { addressedConversation, addressedRun, addressOf, goToConversation } from "./conversation-address";
import { findRun } from "./conversations-api";
import { newId } from "./new-id";
import { Refusal } from "./visitor-fetch";

/** The conversation on the page. */
export interface OpenConversation {
  id: string;
  /** The message that begins it; null: the server has it already. */
  first: string | null;
}

export interface UsedConversation {
  /** Null: none yet; undefined: the address was not read yet. */
  opened: OpenConversation | null | undefined;
  /** What is said while no conversation is open, about the turn that the address names. */
  note: string | null;
  /** Shows a conversation, or null for an empty chat. */
  open: (id: string | null) => void;
  /** Begins a conversation with this message. */
  begin: (text: string) => void;
  /** The server has it now. */
  settle: () => void;
}

const LOOKING = "The conversation of this turn is being looked for.";
const NOT_YOURS = "This turn is in none of your conversations: it is another visitor's, or it was deleted.";

/** Which conversation is shown: the one in the address, which going back and forth changes, or that of the run in it. */
export function useOpenConversation(): UsedConversation {
  const [opened, setOpened] = useState<OpenConversation | null | undefined>(undefined);
  const [note, setNote] = useState<string | null>(null);
  const newest = useRef(0);
  const show = useCallback((next: Parameters<typeof setOpened>[0], about: string | null = null) => {
    newest.current += 1;
    setNote(about);
    setOpened(next);
  }, []);
  useEffect(() => {
    const read = () => {
      const id = addressedConversation();
      const run = addressedRun();
      show((shown) => (shown?.id === id ? shown : id === null ? null : { id, first: null }), run && LOOKING);
      if (run !== null) void lookFor(run);
    };
    const lookFor = async (run: string) => {
      const number = newest.current;
      // Not while the visitor has begun something else.
      const isWanted = () => number === newest.current;
      try {
        const { conversation, message } = await findRun(run);
        if (!isWanted()) return;
        window.history.replaceState(null, "", addressOf(conversation, message));
        show({ id: conversation, first: null });
      } catch (thrown) {
        if (isWanted()) setNote(wordsOf(thrown));
      }
    };
    read();
    window.addEventListener("popstate", read);
    return () => window.removeEventListener("popstate", read);
  }, [show]);
  const open = useCallback(
    (id: string | null) => {
      goToConversation(id);
      show(id === null ? null : { id, first: null });
    },
    [show],
  );
  const begin = useCallback((text: string) => show({ id: newId(), first: text }), [show]);
  const settle = useCallback(() => {
    setOpened((shown) => {
      if (shown == null || shown.first === null) return shown;
      return { id: shown.id, first: null };
    });
  }, []);
  return { opened, note, open, begin, settle };
}

function wordsOf(thrown: unknown): string {
  if (thrown instanceof Refusal && thrown.code === "not_found") return NOT_YOURS;
  return thrown instanceof Error ? thrown.message : String(thrown);
}
