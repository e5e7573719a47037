"use client";

import { useState } from "react";

import type { MemoryLogBody, MemoryLogEntry } from "@/lib/wire";

import { asRefusal, askServer, type ServerRefusal } from "./ask-server";
import { useWatch } from "./use-watch";

const WATCH_EVERY_MS = 3_000;
/** As many as a visitor is given at once. */
const AT_ONCE = 600;
const MOST_KEPT = 6_000;

/** Which records are wanted; an empty text: all. */
export interface LedgerFilter {
  run: string;
  model: string;
}

export interface ReadLedger {
  /** Oldest first; null until they were read once. */
  records: readonly MemoryLogEntry[] | null;
  problem: ServerRefusal | null;
}

/** The newest records of the ledger that fit, and each new one while the page is looked at. Key it by its filter. */
export function useLedger({ run, model }: LedgerFilter): ReadLedger {
  const [read, setRead] = useState<ReadLedger>({ records: null, problem: null });
  useWatch(async (signal) => {
    const last = read.records?.at(-1)?.id;
    const query = new URLSearchParams({ limit: String(AT_ONCE) });
    if (run !== "") query.set("run", run);
    if (model !== "") query.set("model", model);
    if (last !== undefined) query.set("after", String(last));
    try {
      const { records } = await askServer<MemoryLogBody>(`/api/memory/log?${query}`, { signal });
      setRead((known) => {
        if (known.records !== null && known.problem === null && records.length === 0) return known;
        return { records: [...(known.records ?? []), ...records].slice(-MOST_KEPT), problem: null };
      });
    } catch (thrown) {
      if (!signal.aborted) setRead(({ records }) => ({ records, problem: asRefusal(thrown) }));
    }
  }, WATCH_EVERY_MS);
  return read;
}
