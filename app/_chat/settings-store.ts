import { keepInBrowser, keptInBrowser } from "./browser-storage";
import { parseSettings, settingsText } from "./read-settings";
import type { AnswerSettings } from "./settings";

/** Whom they are for: the agent, or any model that answers alone. */
export type Addressee = "agent" | "model";

const known = new Map<Addressee, AnswerSettings>();
const listeners = new Set<() => void>();

const nameOf = (whom: Addressee): string => `memwell.settings.${whom}`;

/** What the visitor has changed, in this tab or another one of this browser. */
export function settingsFor(whom: Addressee): AnswerSettings {
  const read = known.get(whom) ?? parseSettings(keptInBrowser(nameOf(whom)));
  known.set(whom, read);
  return read;
}

export function keepSettings(whom: Addressee, settings: AnswerSettings): void {
  known.set(whom, settings);
  keepInBrowser(nameOf(whom), settingsText(settings));
  for (const listener of listeners) listener();
}

/** For React's `useSyncExternalStore`. */
export function subscribeToSettings(listener: () => void): () => void {
  const onStorage = ({ key }: StorageEvent): void => {
    if (key !== null && key !== nameOf("agent") && key !== nameOf("model")) return;
    known.clear();
    listener();
  };
  listeners.add(listener);
  window.addEventListener("storage", onStorage);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", onStorage);
  };
}
