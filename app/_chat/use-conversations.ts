"use client";

import { useCallback, useEffect, useRef, useState } from "react";

import type { ConversationEntry, ConversationListBody } from "@/lib/wire";

import { listConversations } from "./conversations-api";
import { hearTabs } from "./tab-news";

const TYPING_MS = 200;

/** The visitor's conversations, as far as they were read. */
export interface Conversations {
  /** Newest first; null until they were read once. */
  entries: readonly ConversationEntry[] | null;
  /** What is looked for. */
  search: string;
  /** Why they could not be read. */
  problem: string | null;
  /** There are older ones. */
  hasMore: boolean;
  setSearch: (search: string) => void;
  refresh: () => void;
  readMore: () => void;
}

/** Reads the list again when the search, another tab, or `refresh` asks for it. */
export function useConversations(): Conversations {
  const [entries, setEntries] = useState<readonly ConversationEntry[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [search, setSearch] = useState("");
  const newest = useRef(0);

  // Whoever has older ones before him keeps them when the list is read again.
  const pages = useRef(1);

  const read = useCallback(async (wanted: string) => {
    const number = (newest.current += 1);
    try {
      const found: ConversationEntry[] = [];
      let after: string | null = null;
      for (let page = 0; page === 0 || (page < pages.current && after !== null); page += 1) {
        const more: ConversationListBody = await listConversations(wanted, after);
        // An answer to what was looked for before may come late.
        if (number !== newest.current) return;
        found.push(...more.conversations);
        after = more.next;
      }
      setEntries(found);
      setNext(after);
      setProblem(null);
    } catch (thrown) {
      if (number === newest.current) setProblem(thrown instanceof Error ? thrown.message : String(thrown));
    }
  }, []);
  const refresh = useCallback(() => void read(search), [read, search]);

  useEffect(() => {
    pages.current = 1;
    const timer = setTimeout(refresh, search === "" ? 0 : TYPING_MS);
    return () => clearTimeout(timer);
  }, [refresh, search]);
  useEffect(() => hearTabs(refresh), [refresh]);

  const readMore = useCallback(() => {
    pages.current += 1;
    refresh();
  }, [refresh]);
  return { entries, search, problem, hasMore: next !== null, setSearch, refresh, readMore };
}
