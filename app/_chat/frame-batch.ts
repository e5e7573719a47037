/** A page in the background draws no frames; its text is still taken over this often, in milliseconds. */
const BACKGROUND_MS = 500;

/** Collects text as it streams in and hands it over once a frame: tokens come faster than anyone can see. */
export class FrameBatch {
  #thought = "";
  #answer = "";
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly deliver: (thought: string, answer: string) => void) {}

  add(thought: string, answer: string): void {
    this.#thought += thought;
    this.#answer += answer;
    if (this.#timer !== undefined) return;
    this.#frame = requestAnimationFrame(() => this.flush());
    this.#timer = setTimeout(() => this.flush(), BACKGROUND_MS);
  }

  /** Hands over at once what is left. */
  flush(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#thought === "" && this.#answer === "") return;
    const [thought, answer] = [this.#thought, this.#answer];
    this.#thought = "";
    this.#answer = "";
    this.deliver(thought, answer);
  }
}
