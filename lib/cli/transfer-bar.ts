import cliProgress from "cli-progress";
import { bytes } from "./output";

/** How often a line is written where there is no terminal, such as in a Space's log; before that, nothing. In ms. */
const LINE_EVERY_MS = 10_000;

/** How far a transfer is. In bytes and ms. */
export interface Transfer {
  done: number;
  total: number;
  bytesPerSecond?: number | undefined;
  remainingMs?: number | null | undefined;
  /** What is done, such as "hashing". */
  label?: string | undefined;
}

/** Shows on standard error how far a transfer is: a bar in a terminal, else a line now and then. */
export class TransferBar {
  readonly #bar = new cliProgress.SingleBar(
    {
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
      noTTYOutput: false,
      format: "{bar} {percentage} %  {facts}",
    },
    cliProgress.Presets.shades_classic,
  );
  #isShown = false;
  #lastLineAt = Date.now();

  update(transfer: Transfer): void {
    const facts = describe(transfer);
    if (!process.stderr.isTTY) return this.#line(facts);
    if (!this.#isShown) this.#bar.start(transfer.total, transfer.done, { facts });
    else this.#bar.update(transfer.done, { facts });
    // What is transferred may change: first the hashing of all files, then the upload of some.
    this.#bar.setTotal(transfer.total);
    this.#isShown = true;
  }

  /** A line of its own, above the bar. */
  say(text: string): void {
    this.end();
    process.stderr.write(`${text}\n`);
  }

  /** Takes the bar away. */
  end(): void {
    if (this.#isShown) this.#bar.stop();
    this.#isShown = false;
  }

  #line(facts: string): void {
    if (Date.now() - this.#lastLineAt < LINE_EVERY_MS) return;
    this.#lastLineAt = Date.now();
    process.stderr.write(`${facts}\n`);
  }
}

function describe({ done, total, bytesPerSecond, remainingMs, label }: Transfer): string {
  const parts = [
    ...(label === undefined ? [] : [label]),
    `${bytes(done)} of ${bytes(total)}`,
    ...(bytesPerSecond ? [`${bytes(bytesPerSecond)} a second`] : []),
    ...(remainingMs == null ? [] : [`${Math.ceil(remainingMs / 1000)} s left`]),
  ];
  return parts.join(", ");
}
