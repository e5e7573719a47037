import type { RecordedEvent } from "./contract";

/** Tokens of a quick model come every few milliseconds; nobody sees more than 25 changes a second. */
const WRITE_EVERY_MS = 40;
/** Percentages and places in a queue. */
const PROGRESS_EVERY_MS = 250;

type Progress = Extract<RecordedEvent, { type: "wait" | "prefill" }>;

/**
 * Gathers a run's events and writes them a few at a time: at once when nothing was written lately, else a moment later,
 * with pieces of the same text made one. Of progress only the newest counts, and none that something else has overtaken.
 */
export class EventBatch {
  #waiting: RecordedEvent[] = [];
  #progress: Progress | null = null;
  /** The progress that was written last, while nothing else has happened since. */
  #shown: Progress | null = null;
  #timer: { handle: NodeJS.Timeout; due: number } | null = null;
  #wroteAt = -Infinity;
  #progressAt = -Infinity;

  constructor(private readonly write: (events: RecordedEvent[]) => void) {}

  add(event: RecordedEvent): void {
    if (isProgress(event)) {
      if (this.#shown === null || isNews(this.#shown, event)) this.#progressAt = -Infinity;
      this.#progress = event;
    } else {
      this.#progress = null;
      this.#shown = null;
      this.#append(event);
    }
    this.#schedule();
  }

  /** Writes what is left. */
  close(): void {
    this.#progress = null;
    this.#flush();
  }

  #append(event: RecordedEvent): void {
    const last = this.#waiting.at(-1);
    if (event.type === "text" && last?.type === "text")
      this.#waiting[this.#waiting.length - 1] = { ...last, text: last.text + event.text };
    else if (event.type === "thought" && last?.type === "thought" && last.kind === event.kind)
      this.#waiting[this.#waiting.length - 1] = { ...last, text: last.text + event.text };
    else this.#waiting.push(event);
  }

  #schedule(): void {
    const now = performance.now();
    const due = Math.min(
      this.#waiting.length > 0 ? this.#wroteAt + WRITE_EVERY_MS : Infinity,
      this.#progress !== null ? this.#progressAt + PROGRESS_EVERY_MS : Infinity,
    );
    if (due <= now) return this.#flush();
    if (due >= (this.#timer?.due ?? Infinity)) return;
    this.#cancel();
    this.#timer = { due, handle: setTimeout(() => this.#flush(), due - now) };
  }

  #flush(): void {
    this.#cancel();
    const now = performance.now();
    const events = this.#waiting;
    this.#waiting = [];
    if (this.#progress !== null && now - this.#progressAt >= PROGRESS_EVERY_MS) {
      events.push(this.#progress);
      this.#shown = this.#progress;
      this.#progress = null;
      this.#progressAt = now;
    }
    if (events.length > 0) {
      this.#wroteAt = now;
      this.write(events);
    }
    if (this.#progress !== null) this.#schedule();
  }

  #cancel(): void {
    clearTimeout(this.#timer?.handle);
    this.#timer = null;
  }
}

function isProgress(event: RecordedEvent): event is Progress {
  return event.type === "wait" || event.type === "prefill";
}

/** Something else is waited for. */
function isNews(before: Progress, event: Progress): boolean {
  return (
    before.type !== event.type ||
    (before.type === "wait" && event.type === "wait" && before.wait.type !== event.wait.type)
  );
}
