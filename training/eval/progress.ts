import cliProgress from "cli-progress";

/** How often a line is written where there is no terminal, such as in a log. In ms. */
const LINE_EVERY_MS = 10_000;

/** Shows on standard error how far an evaluation is: a bar in a terminal, else a line now and then. */
export class EvaluationProgress {
  readonly #bar = new cliProgress.SingleBar({
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    format: "{bar} {percentage} %  {value} of {total} cases, {eta_formatted} left",
    barCompleteChar: "\u2588",
    barIncompleteChar: "\u2591",
  });
  #isShown = false;
  #lastLineAt = Date.now();

  update(done: number, total: number): void {
    if (!process.stderr.isTTY) return this.#line(`${done} of ${total} cases`);
    if (!this.#isShown) this.#bar.start(total, done);
    else this.#bar.update(done);
    this.#isShown = true;
  }

  /** A line of its own, above the bar. */
  say(text: string): void {
    this.end();
    process.stderr.write(`${text}\n`);
  }

  end(): void {
    if (this.#isShown) this.#bar.stop();
    this.#isShown = false;
  }

  #line(text: string): void {
    if (Date.now() - this.#lastLineAt < LINE_EVERY_MS) return;
    this.#lastLineAt = Date.now();
    process.stderr.write(`${text}\n`);
  }
}
