"use client";

import { useState } from "react";

import type { MemorySamplesBody } from "@/lib/wire";

import { asRefusal, askServer, type ServerRefusal } from "./ask-server";
import { withSamples, type SampleHistory } from "./memory-samples";
import { useWatch } from "./use-watch";

const WATCH_EVERY_MS = 3_000;
/** A chart is hardly wider. */
const POINTS = 400;

export interface ReadHistory {
  /** Null until it was read once. */
  history: SampleHistory | null;
  problem: ServerRefusal | null;
}

/** What was held in the last `span` ms, and what is new while the page is looked at. Key it by its span. */
export function useMemoryHistory(span: number): ReadHistory {
  const [read, setRead] = useState<ReadHistory>({ history: null, problem: null });
  useWatch(async (signal) => {
    const ask = (query: Record<string, number>): Promise<MemorySamplesBody> => {
      const fields = Object.entries(query).map(([name, value]) => [name, String(value)]);
      return askServer(`/api/memory/samples?${new URLSearchParams(fields)}`, { signal });
    };
    const known = read.history;
    try {
      // By the server's clock, which need not be this one's.
      const to = known?.to ?? (await ask({ points: 2 })).to;
      const more = known === null ? {} : { step: known.step, after: known.next };
      const body = await ask({ from: to - span, points: POINTS, ...more });
      setRead(({ history }) => ({ history: withSamples(history, body, span), problem: null }));
    } catch (thrown) {
      if (!signal.aborted) setRead(({ history }) => ({ history, problem: asRefusal(thrown) }));
    }
  }, WATCH_EVERY_MS);
  return read;
}
