import { clearLine, cursorTo } from "node:readline";
import type { ChatStream } from "./chat-streams";
import type { WaitText } from "./chat-waits";
import { printable } from "./output";

/** Of a terminal that does not say how wide it is, or says 0. */
const USUAL_COLUMNS = 80;

/**
 * How a wait stands: on a terminal one line that is written over, elsewhere a line whenever something else is waited for. It
 * begins at the start of a line, and `clear` leaves the cursor there.
 */
export class LiveLine {
  #isShown = false;
  #lasting: string | null = null;

  constructor(private readonly output: ChatStream) {}

  show({ live, lasting }: WaitText): void {
    if (!this.output.isTTY) return this.#write(lasting);
    this.clear();
    // A line that wraps could not be written over.
    this.output.write(printable(live).slice(0, (this.output.columns || USUAL_COLUMNS) - 1));
    this.#isShown = true;
  }

  clear(): void {
    if (!this.#isShown) return;
    cursorTo(this.output, 0);
    clearLine(this.output, 0);
    this.#isShown = false;
  }

  #write(lasting: string | null): void {
    if (lasting === null || lasting === this.#lasting) return;
    this.#lasting = lasting;
    this.output.write(`${printable(lasting)}\n`);
  }
}
