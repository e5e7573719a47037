"use client";

import { useEffect, useState } from "react";

import type { MemoryBody } from "@/lib/wire";

const WATCH_EVERY_MS = 3000;

/**
 * `GET /api/memory`, read again and again while the page is looked at; null until it was read once. "withheld": the server
 * tells it to its administrator alone; this visitor is not one, and it is not asked again.
 */
export function useMemory(): MemoryBody | "withheld" | null {
  const [memory, setMemory] = useState<MemoryBody | "withheld" | null>(null);
  useEffect(() => {
    const read = () => {
      if (document.hidden) return;
      fetch("/api/memory", { cache: "no-store" })
        .then(async (response): Promise<MemoryBody | "withheld" | null> => {
          if (response.ok) return (await response.json()) as MemoryBody;
          if (response.status !== 403) return null;
          end();
          return "withheld";
        })
        // A server that does not answer keeps its last figures on the page; the chat says that it is gone.
        .then(
          (told) => setMemory((known) => told ?? known),
          () => {},
        );
    };
    read();
    const timer = setInterval(read, WATCH_EVERY_MS);
    document.addEventListener("visibilitychange", read);
    const end = () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", read);
    };
    return end;
  }, []);
  return memory;
}
