"use client";

import { useState } from "react";

import type { MemoryLogBody, MemoryLogEntry } from "@/lib/wire";

import { asRefusal, askServer, type ServerRefusal } from "./ask-server";
import type { LedgerFilter } from "./ledger-address";
import { useWatch } from "./use-watch";

const WATCH_EVERY_MS = 3_000;
/** As many as a visitor is given at once. */
const AT_ONCE = 600;
const MOST_KEPT = 6_000;

export interface ReadLedger {
  /** Oldest first; null until they were read once. */
  records: readonly MemoryLogEntry[] | null;
  /** The runs among them that are turns of the visitor's own conversations. */
  ownRuns: ReadonlySet<string>;
  problem: ServerRefusal | null;
}

const NOTHING_READ: ReadLedger = { records: null, ownRuns: new Set(), problem: null };

/** The newest records of the ledger that fit, and each new one while the page is looked at. Key it by its filter. */
export function useLedger({ run, model }: Omit<LedgerFilter, "step">): ReadLedger {
  const [read, setRead] = useState(NOTHING_READ);
  useWatch(async (signal) => {
    const last = read.records?.at(-1)?.id;
    const query = new URLSearchParams({ limit: String(AT_ONCE) });
    if (run !== "") query.set("run", run);
    if (model !== "") query.set("model", model);
    if (last !== undefined) query.set("after", String(last));
    try {
      const body = await askServer<MemoryLogBody>(`/api/memory/log?${query}`, { signal, asVisitor: true });
      setRead((known) => withMore(known, body));
    } catch (thrown) {
      if (!signal.aborted) setRead((known) => ({ ...known, problem: asRefusal(thrown) }));
    }
  }, WATCH_EVERY_MS);
  return read;
}

function withMore(known: ReadLedger, { records: more, own_runs: own = [] }: MemoryLogBody): ReadLedger {
  if (known.records !== null && known.problem === null && more.length === 0) return known;
  const records = [...(known.records ?? []), ...more].slice(-MOST_KEPT);
  const isNews = own.some((run) => !known.ownRuns.has(run));
  return { records, ownRuns: isNews ? new Set([...known.ownRuns, ...own]) : known.ownRuns, problem: null };
}
