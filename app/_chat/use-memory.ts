"use client";

import { useEffect, useState } from "react";

import type { MemoryBody } from "@/lib/wire";

const WATCH_EVERY_MS = 3000;

/** `GET /api/memory`, read again and again while the page is looked at; null until it was read once. */
export function useMemory(): MemoryBody | null {
  const [memory, setMemory] = useState<MemoryBody | null>(null);
  useEffect(() => {
    const read = () => {
      if (document.hidden) return;
      fetch("/api/memory", { cache: "no-store" })
        .then((response) => (response.ok ? (response.json() as Promise<MemoryBody>) : null))
        // A server that does not answer keeps its last figures on the page; the chat says that it is gone.
        .then(
          (body) => setMemory((known) => body ?? known),
          () => {},
        );
    };
    read();
    const timer = setInterval(read, WATCH_EVERY_MS);
    document.addEventListener("visibilitychange", read);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", read);
    };
  }, []);
  return memory;
}
