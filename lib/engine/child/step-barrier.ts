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

  /** Null when nobody else is decoding, else a promise of the moment when all are here. */
  arrive(): Promise<void> | null {
    if (this.decoding <= 1) return null;
    return new Promise((proceed) => {
      this.arrived.push(proceed);
      this.releaseIfComplete();
    });
  }

  private releaseIfComplete(): void {
    if (this.arrived.length < this.decoding) return;
    for (const proceed of this.arrived.splice(0)) proceed();
  }
}
