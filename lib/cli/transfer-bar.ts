import { bytes } from "./output";
import { ProgressBar } from "./progress-bar";

/** How far a transfer is. In bytes and ms. */
export interface Transfer {
  done: number;
  total: number;
  bytesPerSecond?: number | undefined;
  remainingMs?: number | null | undefined;
  /** What is done, such as "hashing". */
  label?: string | undefined;
}

/** Shows on standard error how far a transfer is. */
export class TransferBar {
  readonly #bar = new ProgressBar();

  update(transfer: Transfer): void {
    this.#bar.update(transfer.done, transfer.total, describe(transfer));
  }

  /** A line of its own, above the bar. */
  say(text: string): void {
    this.#bar.say(text);
  }

  /** Takes the bar away. */
  end(): void {
    this.#bar.end();
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
