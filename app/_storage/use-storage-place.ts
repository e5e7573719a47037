"use client";

import { useCallback, useMemo, useSyncExternalStore } from "react";

import { storageAddress, storagePlaceOf, type StoragePlace } from "./storage-address";

/** The place that the page's address names, and how to go to another: going back leads to the one before. */
export function useStoragePlace(): [StoragePlace, (change: Partial<StoragePlace>) => void] {
  const search = useSyncExternalStore(hear, readSearch, () => "");
  const change = useCallback((changed: Partial<StoragePlace>) => {
    const before = storagePlaceOf(readSearch());
    const address = storageAddress({ ...before, ...changed }, readSearch());
    if (address === storageAddress(before, readSearch())) return;
    window.history.pushState(null, "", address);
    for (const listener of listeners) listener();
  }, []);
  return [useMemo(() => storagePlaceOf(search), [search]), change];
}

const listeners = new Set<() => void>();
const readSearch = (): string => window.location.search;

function hear(onChange: () => void): () => void {
  listeners.add(onChange);
  window.addEventListener("popstate", onChange);
  return () => {
    listeners.delete(onChange);
    window.removeEventListener("popstate", onChange);
  };
}
