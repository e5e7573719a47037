"use client";

import { useState } from "react";

import type { MetricsRunsBody } from "@/lib/wire";

import { adminToken } from "./admin-token";
import { asRefusal, askServer, type ServerRefusal } from "./ask-server";
import { useWatch } from "./use-watch";

const WATCH_EVERY_MS = 10_000;
const PAGE_ROWS = 25;

export interface ReadRuns {
  /** Null until they were read once. */
  page: MetricsRunsBody | null;
  problem: ServerRefusal | null;
}

/**
 * One page of recent turns, the newest first, again and again while the page is looked at. Key it by what is asked.
 *
 * @param after where the page before ended; null: the first page
 */
export function useRuns(search: string, after: number | null): ReadRuns {
  const [read, setRead] = useState<ReadRuns>({ page: null, problem: null });
  useWatch(async (signal) => {
    const query = new URLSearchParams({ limit: String(PAGE_ROWS) });
    if (search !== "") query.set("search", search);
    if (after !== null) query.set("after", String(after));
    try {
      const page = await askServer<MetricsRunsBody>(`/api/metrics/runs?${query}`, { signal, token: adminToken() });
      setRead({ page, problem: null });
    } catch (thrown) {
      if (!signal.aborted) setRead(({ page }) => ({ page, problem: asRefusal(thrown) }));
    }
  }, WATCH_EVERY_MS);
  return read;
}
