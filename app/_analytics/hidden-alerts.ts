import { keepInBrowser, keptInBrowser } from "../_chat/browser-storage";

const KEY = "memwell.hidden-alerts";

/**
 * The alerts that this visitor does not want to see any more, by their ids. One that fires again has another id, and is
 * seen. Where the browser keeps nothing, they are hidden as long as the page.
 */
class HiddenAlerts {
  #ids: string | null = null;
  readonly #listeners = new Set<() => void>();

  /** The ids as one text, with spaces between: the same text as long as nothing changes. */
  readonly read = (): string => (this.#ids ??= idsIn(keptInBrowser(KEY)).join(" "));

  readonly subscribe = (listener: () => void): (() => void) => {
    const onStorage = (event: StorageEvent) => {
      if (event.key !== KEY) return;
      this.#ids = null;
      listener();
    };
    this.#listeners.add(listener);
    window.addEventListener("storage", onStorage);
    return () => {
      this.#listeners.delete(listener);
      window.removeEventListener("storage", onStorage);
    };
  };

  add(id: number): void {
    this.#change([...new Set([...idsIn(this.read()), id])]);
  }

  /** Forgets those that are over. */
  keepOnly(open: readonly number[]): void {
    this.#change(idsIn(this.read()).filter((id) => open.includes(id)));
  }

  #change(ids: readonly number[]): void {
    const text = ids.join(" ");
    if (text === this.read()) return;
    this.#ids = text;
    keepInBrowser(KEY, text);
    for (const listener of this.#listeners) listener();
  }
}

export const hiddenAlerts = new HiddenAlerts();

/** What the browser kept may be anything. */
function idsIn(text: string): number[] {
  return text
    .split(" ")
    .filter((id) => /^\d{1,15}$/.test(id))
    .map(Number);
}
