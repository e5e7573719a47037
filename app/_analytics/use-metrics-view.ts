"use client";

import { useCallback, useMemo, useSyncExternalStore } from "react";

import { readView, writeView, type MetricsView } from "./metrics-view";

const listeners = new Set<() => void>();

/** The view in the page's address, null while the page is drawn at build time; and what changes it there. */
export function useMetricsView(): [MetricsView | null, (change: Partial<MetricsView>) => void] {
  const search = useSyncExternalStore(
    hearAddress,
    () => window.location.search,
    () => null,
  );
  const view = useMemo(() => (search === null ? null : readView(search)), [search]);
  const change = useCallback((part: Partial<MetricsView>) => {
    const { pathname, search: before, hash } = window.location;
    // Read once more: an hour by hour view of a long range is none.
    const next = readView(writeView(before, { ...readView(before), ...part }));
    window.history.replaceState(null, "", `${pathname}${writeView(before, next)}${hash}`);
    for (const listener of listeners) listener();
  }, []);
  return [view, change];
}

function hearAddress(onChange: () => void): () => void {
  listeners.add(onChange);
  window.addEventListener("popstate", onChange);
  return () => {
    listeners.delete(onChange);
    window.removeEventListener("popstate", onChange);
  };
}
