import cliProgress from "cli-progress";

/** How often a line is written where there is no terminal, such as in a Space's log; before that, nothing. In ms. */
const LINE_EVERY_MS = 10_000;

/** Shows on standard error how far something is: a bar in a terminal, else a line now and then. */
export class ProgressBar {
  readonly #bar: cliProgress.SingleBar;
  #isShown = false;
  #lastLineAt = Date.now();

  /** @param format what stands behind the bar and its per cent, as cli-progress reads it; `{facts}` are those of `update` */
  constructor(format = "{facts}") {
    this.#bar = new cliProgress.SingleBar(
      {
        stream: process.stderr,
        hideCursor: true,
        clearOnComplete: true,
        noTTYOutput: false,
        format: `{bar} {percentage} %  ${format}`,
      },
      cliProgress.Presets.shades_classic,
    );
  }

  /** @param facts how far it is, in words */
  update(done: number, total: number, facts: string): void {
    if (!process.stderr.isTTY) return this.#line(facts);
    if (!this.#isShown) this.#bar.start(total, done, { facts });
    else this.#bar.update(done, { facts });
    // What is done may change: first the hashing of all files, then the upload of some.
    this.#bar.setTotal(total);
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
