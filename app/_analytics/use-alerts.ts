"use client";

import { useCallback, useState, useSyncExternalStore } from "react";

import type { AlertEntry } from "@/lib/wire";

import { askServer } from "./ask-server";
import { hiddenAlerts } from "./hidden-alerts";
import { useWatch } from "./use-watch";

/** The server looks every ten seconds; its owner hears of it from elsewhere if it is urgent. */
const WATCH_EVERY_MS = 15_000;

type AlertsAnswer = { id: string; alerts: AlertEntry[] } | { id: string; unchanged: true };

export interface WatchedAlerts {
  /** What lasts and was not hidden, the newest first. */
  open: readonly AlertEntry[];
  /** What is over, and what was hidden. */
  others: readonly AlertEntry[];
  /** Hides one until it comes again. */
  hide: (alert: AlertEntry) => void;
}

/** `GET /api/alerts`, again and again while the page is looked at. Where it cannot be read, what was read last stays. */
export function useAlerts(): WatchedAlerts {
  const [read, setRead] = useState<{ id: string; alerts: readonly AlertEntry[] }>({ id: "", alerts: [] });
  const hidden = useSyncExternalStore(hiddenAlerts.subscribe, hiddenAlerts.read, () => "");
  useWatch(async (signal) => {
    const query = read.id === "" ? "" : `?known=${read.id}`;
    const answer = await askServer<AlertsAnswer>(`/api/alerts${query}`, { signal });
    if ("unchanged" in answer) return;
    hiddenAlerts.keepOnly(answer.alerts.filter(isOpen).map(({ id }) => id));
    setRead(answer);
  }, WATCH_EVERY_MS);
  const isShown = (alert: AlertEntry) => isOpen(alert) && !hidden.split(" ").includes(String(alert.id));
  const hide = useCallback(({ id }: AlertEntry) => hiddenAlerts.add(id), []);
  return { open: read.alerts.filter(isShown), others: read.alerts.filter((alert) => !isShown(alert)), hide };
}

function isOpen({ ended_at }: AlertEntry): boolean {
  return ended_at === null;
}
