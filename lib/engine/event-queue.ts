/**
 * Hands events from a callback to one `for await` loop, in order. `push` says false once what waits weighs more than
 * `limit`, so that a producer nobody reads from cannot fill the memory.
 */
export class EventQueue<T> {
  private events: T[] = [];
  private waiting = 0;
  private ended = false;
  private wake: (() => void) | null = null;

  constructor(
    private readonly limit: number,
    private readonly weigh: (event: T) => number = () => 1,
  ) {}

  push(event: T): boolean {
    if (this.ended) return true;
    this.events.push(event);
    this.waiting += this.weigh(event);
    this.notify();
    return this.waiting <= this.limit;
  }

  end(): void {
    this.ended = true;
    this.notify();
  }

  async *drain(): AsyncGenerator<T, void, void> {
    for (;;) {
      const ready = this.events;
      this.events = [];
      this.waiting = 0;
      yield* ready;
      if (this.events.length > 0) continue;
      if (this.ended) return;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  private notify(): void {
    this.wake?.();
    this.wake = null;
  }
}
