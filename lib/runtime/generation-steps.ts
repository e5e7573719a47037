import type { EngineStep } from "../engine";
import type { RunEvent } from "./contract";
import type { Ledger, OpenStep, StepSubject } from "../memory";

/**
 * Records a generation in the ledger by listening to its events: `prefill` from `prompt` to the first token (its tokens
 * are those the sequence did not hold already), `decode` from there to the end; `restore` and `save` where the child reads
 * or writes states meanwhile.
 */
export class GenerationSteps {
  #open: OpenStep | null = null;
  #state: OpenStep | null = null;
  #isDecoding = false;
  #tokens = 0;

  constructor(
    private readonly ledger: Ledger,
    private readonly subject: StepSubject,
  ) {}

  /** Call with what the child does with saved states on the way; one at a time. */
  seeState({ step, phase, tokens }: EngineStep): void {
    if (phase === "start") {
      this.#state = this.ledger.logMemory(step, this.subject);
      return;
    }
    this.#state?.end({ tokens, outcome: tokens > 0 ? "done" : "failed" });
    this.#state = null;
  }

  /** Call with each event before it is passed on. */
  see(event: RunEvent): void {
    switch (event.type) {
      case "prompt":
        this.#tokens = event.promptTokens - event.reusedTokens;
        this.#open = this.ledger.logMemory("prefill", this.subject);
        return;
      case "thought":
      case "text":
        if (!this.#isDecoding) this.#decode();
        this.#tokens += event.tokens;
        return;
      case "done": {
        const outcome = event.finishReason === "aborted" ? "aborted" : "done";
        // An answer of nothing but a stop text has no first token to see.
        if (this.#isDecoding) this.#tokens = event.usage.completionTokens;
        this.end(outcome);
        return;
      }
      case "failed":
        this.end(event.error.code === "aborted" ? "aborted" : "failed");
        return;
      case "prefill":
      case "queued":
      case "fetching":
      case "loading":
        return;
    }
  }

  /** Ends whatever is open, with the tokens seen so far; nothing happens when it ended already. */
  end(outcome: "done" | "failed" | "aborted"): void {
    // A prefill that did not come to its end has evaluated some of its tokens, and nobody knows how many.
    const tokens = outcome === "done" || this.#isDecoding ? this.#tokens : null;
    this.#state?.end({ outcome });
    this.#state = null;
    this.#open?.end({ tokens, outcome });
    this.#open = null;
  }

  #decode(): void {
    this.end("done");
    this.#isDecoding = true;
    this.#tokens = 0;
    this.#open = this.ledger.logMemory("decode", this.subject);
  }
}
