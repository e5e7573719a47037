"use client";

import { useCallback, useEffect, useMemo, useState } from "react";

import type { ConversationEntry } from "@/lib/wire";

import {
  fetchExport,
  importConversation,
  removeConversation,
  renameConversation,
  restoreConversation,
} from "./conversations-api";
import { markRemoved, settleAllRemoved, settleRemoved, unmarkRemoved } from "./drafts";
import { saveFile } from "./save-file";
import { tellTabs } from "./tab-news";

const UNDO_WITHIN_MS = 10_000;

/** What a visitor does with a conversation in the list. */
export interface ConversationActions {
  rename: (id: string, title: string) => Promise<void>;
  remove: (entry: ConversationEntry) => Promise<void>;
  /** Saves a conversation as a file, where the browser's own download would not know the visitor. */
  save: (id: string, format: "json" | "markdown") => Promise<void>;
  /** Makes a conversation of an exported file, and opens it. */
  load: (file: Blob) => Promise<void>;
  /** The conversation that was deleted just now, and can be had back; null after some seconds. */
  removed: ConversationEntry | null;
  undo: () => Promise<void>;
  /** Why the last of these was not done. */
  problem: string | null;
}

/**
 * @param refresh reads the list again
 * @param onOpen shows a conversation
 * @param onRemoved it must not be shown any more
 */
export function useConversationActions(
  refresh: () => void,
  onOpen: (id: string) => void,
  onRemoved: (id: string) => void,
): ConversationActions {
  const [removed, setRemoved] = useState<ConversationEntry | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => settleAllRemoved(UNDO_WITHIN_MS), []);
  useEffect(() => {
    if (removed === null) return;
    const timer = setTimeout(() => {
      settleRemoved(removed.id);
      setRemoved(null);
    }, UNDO_WITHIN_MS);
    return () => clearTimeout(timer);
  }, [removed]);

  const attempt = useCallback(
    async (action: () => Promise<void>) => {
      setProblem(null);
      try {
        await action();
      } catch (thrown) {
        setProblem(thrown instanceof Error ? thrown.message : String(thrown));
      }
      refresh();
      tellTabs(null);
    },
    [refresh],
  );
  return useMemo(
    () => ({
      rename: (id, title) => attempt(async () => void (await renameConversation(id, title))),
      remove: (entry) =>
        attempt(async () => {
          await removeConversation(entry.id);
          markRemoved(entry.id);
          setRemoved(entry);
          onRemoved(entry.id);
        }),
      save: (id, format) =>
        attempt(async () => {
          const { file, name } = await fetchExport(id, format);
          saveFile(file, name);
        }),
      load: (file) => attempt(async () => onOpen((await importConversation(await file.text())).id)),
      undo: () =>
        attempt(async () => {
          if (removed === null) return;
          await restoreConversation(removed.id);
          unmarkRemoved(removed.id);
          setRemoved(null);
          onOpen(removed.id);
        }),
      removed,
      problem,
    }),
    [attempt, onOpen, onRemoved, removed, problem],
  );
}
