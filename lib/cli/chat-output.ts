import { styleText } from "node:util";
import type { Wait } from "./chat-events";
import { LiveLine } from "./chat-live-line";
import { thinkingHeader } from "./chat-steps";
import { withoutControls, type ChatStream } from "./chat-streams";
import type { WaitText } from "./chat-waits";
import { showFetch } from "./show-fetch";
import type { TransferBar } from "./transfer-bar";

const THOUGHT_INDENT = "    ";

export interface ChatOutputParts {
  /** Gets the answer and nothing else. */
  answer: ChatStream;
  /** Gets everything else; null when nobody wants it. */
  steps: ChatStream | null;
  bar: TransferBar;
  /** No color even on a terminal (https://no-color.org). */
  isPlain?: boolean;
}

/**
 * The two streams that an answer is shown on, which may end in the same terminal: neither goes on in a line of the other,
 * and what is shown for the moment only is taken away before anything else is written.
 */
export class ChatOutput {
  readonly #live: LiveLine | null;
  /** Which stream has begun a line and not ended it. */
  #midLine: "answer" | "thought" | null = null;
  /** The answer's last character; null before it begins. */
  #lastOfAnswer: string | null = null;

  constructor(private readonly parts: ChatOutputParts) {
    this.#live = parts.steps === null ? null : new LiveLine(parts.steps);
  }

  /** A line of its own. */
  line(text: string): void {
    const { steps } = this.parts;
    if (steps === null) return;
    this.clear();
    this.#endLine();
    steps.write(`${text}\n`);
  }

  /** How a wait stands. While a text is being written, nothing is waited for. */
  wait(text: WaitText): void {
    this.parts.bar.end();
    if (this.#midLine === null) this.#live?.show(text);
  }

  fetch(progress: Extract<Wait, { type: "fetching" }>["progress"]): void {
    if (this.parts.steps === null) return;
    this.#live?.clear();
    this.#endLine();
    showFetch(this.parts.bar, progress);
  }

  /** The next piece of a text of thinking; the first one gets a header. */
  thought(kind: string, text: string): void {
    const { steps, isPlain = false } = this.parts;
    if (steps === null) return;
    this.clear();
    if (this.#midLine !== "thought") {
      this.line(thinkingHeader(kind));
      steps.write(THOUGHT_INDENT);
    }
    const shown = withoutControls(text).replaceAll("\n", `\n${THOUGHT_INDENT}`);
    const isDim = steps.isTTY === true && !isPlain;
    steps.write(isDim ? styleText("dim", shown, { validateStream: false }) : shown);
    this.#midLine = "thought";
  }

  /** The next piece of the answer. */
  answer(text: string): void {
    const shown = withoutControls(text);
    if (shown === "") return;
    this.clear();
    if (this.#midLine === "thought") this.#endLine();
    if (this.#lastOfAnswer === null) this.#setApart();
    this.parts.answer.write(shown);
    this.#midLine = "answer";
    this.#lastOfAnswer = shown.slice(-1);
  }

  /** Ends the line under way, and the answer's last one, if there is one. */
  end(): void {
    this.clear();
    if (this.#midLine === "thought") this.#endLine();
    if (this.#lastOfAnswer === null) return;
    if (this.#lastOfAnswer !== "\n") this.parts.answer.write("\n");
    this.#midLine = null;
    this.#setApart();
  }

  /** Takes away what was shown for the moment only; safe to call twice. */
  clear(): void {
    this.#live?.clear();
    this.parts.bar.end();
  }

  #endLine(): void {
    if (this.#midLine === "thought" || (this.#midLine === "answer" && this.#isShared)) this.parts.steps?.write("\n");
    this.#midLine = null;
  }

  /** An empty line between the answer and what is around it. */
  #setApart(): void {
    if (this.#isShared) this.parts.steps?.write("\n");
  }

  /** Whether both streams end in the same terminal. */
  get #isShared(): boolean {
    return this.parts.answer.isTTY === true && this.parts.steps?.isTTY === true;
  }
}
