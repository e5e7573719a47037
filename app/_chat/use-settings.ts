"use client";

import { useMemo, useSyncExternalStore } from "react";

import { asOffered, SERVERS_OWN, type AnswerSettings, type Offer } from "./settings";
import { keepSettings, settingsFor, subscribeToSettings, type Addressee } from "./settings-store";

export interface UsedSettings {
  whom: Addressee;
  /** As they are sent: without what is not offered. */
  settings: AnswerSettings;
  /** Null until it is known. */
  offer: Offer | null;
  change: (change: Partial<AnswerSettings>) => void;
  /** Everything as the server has it. */
  reset: () => void;
}

/** The visitor's settings, kept in this browser. */
export function useSettings(whom: Addressee, offer: Offer | null): UsedSettings {
  const kept = useSyncExternalStore(
    subscribeToSettings,
    () => settingsFor(whom),
    () => SERVERS_OWN,
  );
  return useMemo(
    () => ({
      whom,
      settings: asOffered(kept, offer),
      offer,
      change: (change) => keepSettings(whom, { ...settingsFor(whom), ...change }),
      reset: () => keepSettings(whom, SERVERS_OWN),
    }),
    [kept, offer, whom],
  );
}
