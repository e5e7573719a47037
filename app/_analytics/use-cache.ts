"use client";

import { useCallback, useRef, useState } from "react";

import { asRefusal, askServer, type ServerRefusal } from "./ask-server";
import type { CacheAnswer, CacheBody } from "./cache-contract";
import { useWatch } from "./use-watch";

const WATCH_EVERY_MS = 10_000;

export interface WatchedCache {
  /** Null until it was read once. What was read last stays when it cannot be read any more. */
  cache: CacheBody | null;
  /** Why it cannot be read now. */
  problem: ServerRefusal | null;
  /** Reads it now, and answers what was read; null when that failed. */
  refresh: () => Promise<CacheBody | null>;
}

/** `GET /api/cache`, again and again while the page is looked at: the whole of it only when something has changed. */
export function useCache(): WatchedCache {
  const [cache, setCache] = useState<CacheBody | null>(null);
  const [problem, setProblem] = useState<ServerRefusal | null>(null);
  const last = useRef<CacheBody | null>(null);
  const newest = useRef(0);
  const read = useCallback(async (signal?: AbortSignal): Promise<CacheBody | null> => {
    const known = last.current;
    const number = (newest.current += 1);
    try {
      const address = `/api/cache${known === null ? "" : `?known=${known.id}`}`;
      const answer = await askServer<CacheAnswer>(address, signal === undefined ? {} : { signal });
      const { disk, in_use } = answer;
      const body = !("unchanged" in answer) ? answer : known === null ? null : { ...known, disk, in_use };
      // An answer to an older question may come late.
      if (number !== newest.current) return body;
      last.current = body;
      setCache(body);
      setProblem(null);
      return body;
    } catch (thrown) {
      if (signal?.aborted !== true && number === newest.current) setProblem(asRefusal(thrown));
      return null;
    }
  }, []);
  useWatch(async (signal) => void (await read(signal)), WATCH_EVERY_MS);
  return { cache, problem, refresh: useCallback(() => read(), [read]) };
}
