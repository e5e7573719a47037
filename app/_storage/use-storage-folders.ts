"use client";

import { useCallback, useState } from "react";

import { asRefusal, askServer, type ServerRefusal } from "../_analytics/ask-server";
import { useWatch } from "../_analytics/use-watch";
import type { FoldersBody, StorageFolder } from "./contract";

const WATCH_EVERY_MS = 10_000;
const WATCH_RUNNING_EVERY_MS = 1_000;

export interface WatchedFolders {
  /** Null until they were read once. What was read last stays when they cannot be read any more. */
  folders: StorageFolder[] | null;
  problem: ServerRefusal | null;
  /** Reads them now. */
  refresh: () => Promise<void>;
}

/** `GET /api/storage`, again and again while the page is looked at, more often while something goes on. */
export function useStorageFolders(): WatchedFolders {
  const [folders, setFolders] = useState<StorageFolder[] | null>(null);
  const [problem, setProblem] = useState<ServerRefusal | null>(null);
  const read = useCallback(async (signal?: AbortSignal): Promise<void> => {
    try {
      const body = await askServer<FoldersBody>("/api/storage", signal === undefined ? {} : { signal });
      // The same again is no change: nothing is drawn anew.
      setFolders((known) => (JSON.stringify(known) === JSON.stringify(body.folders) ? known : body.folders));
      setProblem(null);
    } catch (thrown) {
      if (signal?.aborted !== true) setProblem(asRefusal(thrown));
    }
  }, []);
  const isRunning = folders?.some(({ running }) => running !== null) ?? false;
  useWatch(read, isRunning ? WATCH_RUNNING_EVERY_MS : WATCH_EVERY_MS);
  return { folders, problem, refresh: useCallback(() => read(), [read]) };
}
