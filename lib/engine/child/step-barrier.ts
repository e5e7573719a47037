/**
 * Keeps the sequences of one context in step, so that each step of the model decodes one token of every answer.
 *
 * The library decodes whatever is queued when the last step's tokens are sampled. Sequences that queue their next token as
 * soon as they have one split into several small steps, each of which reads all the weights again; sequences that wait
 * until the others have theirs share one step. Nobody waits for a sequence that is not decoding.
 */
export class StepBarrier {
  private decoding = 0;
  private arrived: (() => void)[] = [];

  /** A sequence begins to decode; call `leave` exactly once when it ends. */
  join(): void {
    this.decoding++;
  }

  leave(): void {
    this.decoding--;
    this.releaseIfComplete();
  }

  /** Null when everybody else is there already (and goes on with the caller), else a promise of that moment. */
  arrive(): Promise<void> | null {
    if (this.arrived.length + 1 >= this.decoding) {
      this.release();
      return null;
    }
    return new Promise((resolve) => this.arrived.push(resolve));
  }

  private releaseIfComplete(): void {
    if (this.arrived.length > 0 && this.arrived.length >= this.decoding) this.release();
  }

  private release(): void {
    for (const resolve of this.arrived.splice(0)) resolve();
  }
}
