import type { AlertStore, StoredAlert } from "../../store";
import { judge, type AlertLimits, type Finding, type Readings } from "./rules";
import { tellWebhook, type WebhookOptions } from "./webhook";
import { alertEntry, alertText } from "./words";

export interface AlertParts {
  store: () => AlertStore;
  limits: AlertLimits;
  webhook: WebhookOptions | null;
  read: () => Readings | Promise<Readings>;
  /** One line for each alert that begins or is over. */
  log: (line: string) => void;
  /** In ms since the epoch. */
  now?: () => number;
}

/**
 * Looks at what is watched, and tells of what went beyond its bound: once, in the log, in the database and to the webhook,
 * and again only after it was over. What was told before a restart is not told again after it.
 */
export class AlertWatch {
  readonly #now: () => number;
  readonly #leave = new AbortController();
  readonly #telling = new Set<Promise<void>>();
  #looking: Promise<void> | null = null;
  #isFirst = true;

  constructor(private readonly parts: AlertParts) {
    this.#now = parts.now ?? Date.now;
  }

  /** One look; a second call meanwhile waits for the first. @throws what the database says when it cannot be written */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => (this.#looking = null));
    return this.#looking;
  }

  /** Resolves when nobody is being told any more. */
  async settled(): Promise<void> {
    while (this.#telling.size > 0) await Promise.all(this.#telling);
  }

  async close(): Promise<void> {
    this.#leave.abort();
    await this.#looking?.catch(() => {});
    await this.settled();
  }

  async #look(): Promise<void> {
    const readings = await this.parts.read();
    if (this.#leave.signal.aborted) return;
    const store = this.parts.store();
    const open = store.open();
    if (this.#isFirst) this.#tellWhatWasLeft(open);
    const { begun, over } = judge(readings, this.parts.limits, open as (StoredAlert & Finding)[]);
    for (const finding of begun) this.#begin(store, finding);
    for (const { name, subject } of over) {
      const alert = open.find((one) => one.name === name && one.subject === subject);
      if (alert === undefined) continue;
      store.end(alert.id, this.#now());
      this.parts.log(`alert is over: ${name}${subject === null ? "" : ` (${subject})`}`);
    }
  }

  /** A server that ended in between has not told of these. */
  #tellWhatWasLeft(open: readonly StoredAlert[]): void {
    this.#isFirst = false;
    const { webhook } = this.parts;
    if (webhook === null) return;
    for (const alert of open) if (alert.webhook === "pending") this.#startTelling(webhook, alert);
  }

  #begin(store: AlertStore, finding: Finding): void {
    const { webhook, log } = this.parts;
    const text = alertText(finding);
    const alert = { ...finding, text, beganAt: this.#now(), webhook: webhook === null ? "none" : "pending" } as const;
    const id = store.begin(alert);
    if (id === null) return;
    log(`alert: ${text}`);
    if (webhook === null) return;
    this.#startTelling(webhook, { ...alert, id, endedAt: null });
  }

  #startTelling(webhook: WebhookOptions, alert: StoredAlert): void {
    const telling = this.#tell(webhook, alert);
    this.#telling.add(telling);
    void telling.finally(() => this.#telling.delete(telling));
  }

  async #tell(webhook: WebhookOptions, alert: StoredAlert): Promise<void> {
    const { store, log } = this.parts;
    const text = `Memwell: ${alert.text}`;
    const problem = await tellWebhook(webhook, { text, content: text, alert: alertEntry(alert) }, this.#leave.signal);
    // Not told because the server ends: it is told when the server is there again.
    if (problem !== null && this.#leave.signal.aborted) return;
    if (problem !== null) log(`alert: ${problem}`);
    try {
      store().told(alert.id, problem === null ? "sent" : "failed");
    } catch {
      // The database is closed, or cannot be written: the log has said it.
    }
  }
}
