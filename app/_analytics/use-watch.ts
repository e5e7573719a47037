"use client";

import { useEffect, useEffectEvent } from "react";

/**
 * Calls `look` at once, then again and again: `everyMs` after the last one has ended, and when the page comes back into
 * sight. Nothing happens while the page is hidden.
 */
export function useWatch(look: (signal: AbortSignal) => Promise<void>, everyMs: number): void {
  const lookNow = useEffectEvent(look);
  useEffect(() => {
    const ending = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isLooking = false;
    const again = async (): Promise<void> => {
      clearTimeout(timer);
      if (document.hidden || isLooking) return;
      isLooking = true;
      await lookNow(ending.signal).catch(() => {});
      isLooking = false;
      if (!ending.signal.aborted) timer = setTimeout(() => void again(), everyMs);
    };
    const onSight = (): void => void again();
    onSight();
    document.addEventListener("visibilitychange", onSight);
    return () => {
      ending.abort();
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onSight);
    };
  }, [everyMs]);
}
