"use client";

import { useState } from "react";

import type { MemoryEventEntry } from "@/lib/wire";

import { eventWords } from "../../_analytics/event-words";
import { MessageTime } from "../MessageTime";
import { Pager } from "./Pager";

const PAGE_ROWS = 10;

/** What was loaded, evicted and why, the newest first. */
export function MemoryEvents({ events }: { events: readonly MemoryEventEntry[] | null }) {
  const [page, setPage] = useState(0);
  if (events === null) return null;
  const newest = events.toReversed();
  const pages = Math.max(1, Math.ceil(newest.length / PAGE_ROWS));
  const at = Math.min(page, pages - 1);
  return (
    <section aria-labelledby="events-title">
      <h2 id="events-title" className="font-semibold">
        What happened
      </h2>
      {newest.length === 0 && <p className="text-sm text-quiet">Nothing is on record yet.</p>}
      <ol className="mt-1 flex flex-col gap-1 text-sm" data-testid="events">
        {newest.slice(at * PAGE_ROWS, (at + 1) * PAGE_ROWS).map((event) => (
          <li key={event.id} data-event={event.event} className="wrap-anywhere">
            <MessageTime moment={event.time} />
            {event.model !== null && <strong className="font-semibold">{event.model} </strong>}
            {eventWords(event)}
          </li>
        ))}
      </ol>
      {pages > 1 && (
        <div className="mt-2 text-sm text-quiet">
          <Pager of="what happened" page={at} pages={pages} onTurn={setPage} />
        </div>
      )}
    </section>
  );
}
