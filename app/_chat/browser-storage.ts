/*
 * What this browser keeps for the page. A frame of another site may be denied it, and it may be full: what cannot be kept
 * then lasts as long as the page. Nothing here throws.
 */

/** Keeps a text, or with an empty one forgets it. Returns whether that was done. */
export function keepInBrowser(key: string, text: string): boolean {
  try {
    if (text === "") localStorage.removeItem(key);
    else localStorage.setItem(key, text);
    return true;
  } catch {
    return false;
  }
}

/** The text that is kept under this key; empty when there is none. */
export function keptInBrowser(key: string): string {
  try {
    return localStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

/** The keys that begin like this. */
export function keysInBrowser(beginning: string): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(beginning));
  } catch {
    return [];
  }
}
