/** What this browser keeps under a name; null for nothing, also where a frame of another site is denied storage. */
export function keptText(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Keeps a text in this browser, or nothing any more for null. */
export function keepText(name: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(name);
    else localStorage.setItem(name, text);
  } catch {
    // It then lasts as long as the page.
    return;
  }
}
