import type { GenerateEvent } from "../contract";

/** Text younger than this waits for what follows it, in ms: the time a screen shows one picture. */
const GATHER_MS = 16;

/**
 * Sends text in fewer, larger events when a model is fast. Every event wakes the parent, which wakes the client; on a machine
 * whose cores are busy with inference each of that costs the next token. The first event goes at once, none waits longer
 * than `GATHER_MS`, and at ordinary speeds each token still goes by itself. Any other event takes the gathered text along.
 */
export class Coalescer {
  private gathered: Extract<GenerateEvent, { type: "text" | "thought" }> | null = null;
  private sentAt = -Infinity;
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly send: (event: GenerateEvent) => void) {}

  emit(event: GenerateEvent): void {
    if (event.type !== "text" && event.type !== "thought") {
      this.flush();
      this.send(event);
      return;
    }
    if (this.gathered?.type === event.type) {
      this.gathered = { ...event, text: this.gathered.text + event.text, tokens: this.gathered.tokens + event.tokens };
    } else {
      this.flush();
      this.gathered = event;
    }
    const age = performance.now() - this.sentAt;
    if (age >= GATHER_MS) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), GATHER_MS - age);
  }

  flush(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (this.gathered === null) return;
    const event = this.gathered;
    this.gathered = null;
    this.sentAt = performance.now();
    this.send(event);
  }
}
