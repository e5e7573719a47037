"use client";

import { useCallback, useEffect, useState } from "react";

import { addressedConversation, goToConversation } from "./conversation-address";
import { newId } from "./new-id";

/** The conversation on the page. */
export interface OpenConversation {
  id: string;
  /** The message that begins it; null: the server has it already. */
  first: string | null;
}

export interface UsedConversation {
  /** Null: none yet; undefined: the address was not read yet. */
  opened: OpenConversation | null | undefined;
  /** Shows a conversation, or null for an empty chat. */
  open: (id: string | null) => void;
  /** Begins a conversation with this message. */
  begin: (text: string) => void;
  /** The server has it now. */
  settle: () => void;
}

/** Which conversation is shown: the one in the address, which going back and forth changes. */
export function useOpenConversation(): UsedConversation {
  const [opened, setOpened] = useState<OpenConversation | null | undefined>(undefined);
  useEffect(() => {
    const read = () => {
      const id = addressedConversation();
      setOpened((shown) => (shown?.id === id ? shown : id === null ? null : { id, first: null }));
    };
    read();
    window.addEventListener("popstate", read);
    return () => window.removeEventListener("popstate", read);
  }, []);
  const open = useCallback((id: string | null) => {
    goToConversation(id);
    setOpened(id === null ? null : { id, first: null });
  }, []);
  const begin = useCallback((text: string) => setOpened({ id: newId(), first: text }), []);
  const settle = useCallback(() => {
    setOpened((shown) => {
      if (shown == null || shown.first === null) return shown;
      return { id: shown.id, first: null };
    });
  }, []);
  return { opened, open, begin, settle };
}
