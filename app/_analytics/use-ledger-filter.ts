"use client";

import { useCallback, useSyncExternalStore } from "react";

import { ledgerAddress, ledgerFilterOf, type LedgerFilter } from "./ledger-address";

/** The filter that the page's address names, and how to name another one: going back leads to the one before. */
export function useLedgerFilter(): [LedgerFilter, (change: Partial<LedgerFilter>) => void] {
  const search = useSyncExternalStore(hear, readSearch, () => "");
  const change = useCallback((changed: Partial<LedgerFilter>) => {
    const before = ledgerFilterOf(readSearch());
    const address = ledgerAddress({ ...before, ...changed });
    if (address === ledgerAddress(before)) return;
    window.history.pushState(null, "", address);
    for (const listener of listeners) listener();
  }, []);
  return [ledgerFilterOf(search), change];
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
