"use client";

import { useState } from "react";

import type { MetricsSummary } from "@/lib/wire";

import { adminToken } from "./admin-token";
import { asRefusal, askServer, type ServerRefusal } from "./ask-server";
import { beginOf, type MetricsGroup, type MetricsRange } from "./metrics-view";
import { useWatch } from "./use-watch";

const HOUR_MS = 3_600_000;
const WATCH_EVERY_MS = 10_000;
/** Of many days each answer is more work, and a new turn changes little. */
const WATCH_LONG_EVERY_MS = 60_000;

export interface ReadMetrics {
  /** Null until they were read once. */
  summary: MetricsSummary | null;
  problem: ServerRefusal | null;
}

/** The figures of a range of time until now, again and again while the page is looked at. Key it by what is asked. */
export function useMetrics(range: MetricsRange, by: MetricsGroup): ReadMetrics {
  const [read, setRead] = useState<ReadMetrics>({ summary: null, problem: null });
  const isLong = range === "30d" || range === "90d";
  useWatch(
    async (signal) => {
      const query = new URLSearchParams({ from: String(beginOf(range, Date.now())), by });
      try {
        const summary = await askServer<MetricsSummary>(`/api/metrics?${query}`, { signal, token: adminToken() });
        setRead((known) => ({ summary: isSame(known.summary, summary) ? known.summary : summary, problem: null }));
      } catch (thrown) {
        if (!signal.aborted) setRead(({ summary }) => ({ summary, problem: asRefusal(thrown) }));
      }
    },
    isLong ? WATCH_LONG_EVERY_MS : WATCH_EVERY_MS,
  );
  return read;
}

/** Whether nothing is new: then nothing is drawn again. The end of the time is now, and moves with each look. */
function isSame(known: MetricsSummary | null, next: MetricsSummary): boolean {
  const textOf = (summary: MetricsSummary): string =>
    JSON.stringify({ ...summary, to: Math.floor(summary.to / HOUR_MS) });
  return known !== null && textOf(known) === textOf(next);
}
