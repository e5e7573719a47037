"use client";

import { useState } from "react";

import type { MemoryEventEntry, MemoryEventsBody } from "@/lib/wire";

import { askServer } from "./ask-server";
import { useWatch } from "./use-watch";

const WATCH_EVERY_MS = 3_000;
const MOST_KEPT = 1_000;

/** What happened to the models, oldest first, and each new event while the page is looked at; null until read once. */
export function useMemoryEvents(): readonly MemoryEventEntry[] | null {
  const [events, setEvents] = useState<readonly MemoryEventEntry[] | null>(null);
  useWatch(async (signal) => {
    const last = events?.at(-1)?.id;
    const query = last === undefined ? "limit=500" : `limit=500&after=${last}`;
    const { events: more } = await askServer<MemoryEventsBody>(`/api/memory/events?${query}`, { signal });
    if (more.length > 0 || events === null) setEvents((known) => [...(known ?? []), ...more].slice(-MOST_KEPT));
  }, WATCH_EVERY_MS);
  return events;
}
