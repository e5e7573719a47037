import type { ChatEvent, Decision, StepEnd, Wait } from "./chat-events";
import type { ChatOutput } from "./chat-output";
import { decisionLine, decisionText, generationLine, stepLine } from "./chat-steps";
import { TurnAccount } from "./chat-totals";
import { prefillText, waitText } from "./chat-waits";

/**
 * Shows one answer while it comes, event by event: a turn of the agent with a line for each step as it ends and its thinking
 * as it is written, or the answer of one model alone.
 */
export class ChatView {
  readonly #account = new TurnAccount();
  /** What came of the step under way; null outside of one. */
  #said: { text: string | null } | null = null;
  /** The response's own line waits until nothing can follow the answer. */
  #response: StepEnd | null = null;

  /**
   * @param model the id that was asked for
   * @param heldBytes what the models' processes hold now
   */
  constructor(
    private readonly output: ChatOutput,
    private readonly model: string,
    private readonly heldBytes: () => number,
  ) {}

  show(event: ChatEvent): void {
    switch (event.type) {
      case "wait":
        return this.#showWait(event.wait, `the ${event.role} model`);
      case "queued":
      case "fetching":
      case "loading":
        return this.#showWait(event, this.model);
      case "prefill":
        return this.output.wait(prefillText(event));
      case "step-start":
        this.#said = { text: null };
        return;
      case "decision":
        return this.#showDecision(event.decision);
      case "tool-result":
        return this.#say(event.text);
      case "tool-failed":
        return this.#say(`failed: ${event.error.message}`);
      case "thought":
        return this.output.thought("kind" in event ? event.kind : "response", event.text);
      case "text":
        return this.output.answer(event.text);
      case "step-end":
        return this.#endStep(event);
      case "done":
        if ("usage" in event) return this.#finish(generationLine(event));
        return this.#finish(this.#account.summary(event.finishReason === "aborted"));
      case "failed":
        return this.#finish(this.#account.summary(event.error.code === "aborted"));
      case "prompt":
      case "tool-call":
        return;
    }
  }

  #showWait(wait: Wait, model: string): void {
    if (wait.type === "fetching") this.output.fetch(wait.progress);
    else this.output.wait(waitText(wait, model));
  }

  #showDecision(decision: Decision): void {
    if (this.#said === null) this.output.line(decisionLine(decision));
    else this.#said.text = decisionText(decision);
  }

  #say(text: string): void {
    if (this.#said !== null) this.#said.text = text;
  }

  #endStep(end: StepEnd): void {
    const said = this.#said?.text ?? null;
    this.#said = null;
    this.#account.add(end, this.heldBytes());
    if (end.name === "response") this.#response = end;
    else this.output.line(stepLine(end, said));
  }

  #finish(last: string | null): void {
    this.output.end();
    if (this.#response !== null) this.output.line(stepLine(this.#response));
    if (last !== null) this.output.line(last);
  }
}
