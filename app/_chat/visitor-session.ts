import { keepInBrowser, keptInBrowser } from "./browser-storage";
import { KNOWN_BY_COOKIE, SESSION_HEADER } from "./session-header";

const KEY = "memwell.session";

/**
 * Who the visitor is, where the browser keeps no cookies: some keep none inside the frame of another site. The first answer
 * that gives a cookie gives the same token to the page; the next one tells whether the cookie came along. If it did, the
 * token is forgotten, since a script has no business with it; if not, the page sends it from then on.
 */
class VisitorSession {
  #token: string | null | undefined;
  #isLost = false;
  readonly #listeners = new Set<() => void>();

  /** What is to be sent; null: nothing. */
  get token(): string | null {
    if (this.#token === undefined) this.#token = keptInBrowser(KEY) || null;
    return this.#token;
  }

  /** The browser keeps neither the cookie nor the token: the visitor is another one after a reload. */
  get isLost(): boolean {
    return this.#isLost;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** @param sent the token that the call brought */
  hear(headers: Headers, sent: string | null): void {
    const told = headers.get(SESSION_HEADER);
    if (told === null) return;
    const isKnown = told === KNOWN_BY_COOKIE;
    if (!isKnown && told !== sent) {
      this.#token = told;
      return;
    }
    const wasKept = keepInBrowser(KEY, isKnown ? "" : told);
    this.#token = isKnown ? null : told;
    const isLost = !isKnown && !wasKept;
    if (isLost === this.#isLost) return;
    this.#isLost = isLost;
    for (const listener of this.#listeners) listener();
  }
}

export const visitorSession = new VisitorSession();
