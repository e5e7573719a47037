import { CodeScanner, type ScanResult } from "./code-scanner";
import { nextStart, roleOwner, startsRole, tokenMeaning, type TokenMeaning } from "./template-tokens";

/**
 * The second stage: characters in, the text without template tokens kept in `text`. The rules are in `AnswerStream`.
 *
 * A token that goes may leave two halves that make another (`<|im_<s>end|>`), so what may still become part of a token
 * is kept with what it has begun, character by character, and looked at again when a token inside it is gone.
 */
export class TokenFilter {
  /** What is left so far, one entry a character; the end from `#begun` on may still go. */
  readonly text: string[] = [];
  /** How many characters were taken so far; one that was read again counts again. */
  steps = 0;
  /** The token that each of the last characters has begun: as many entries as there are undecided characters. */
  readonly #begun: string[] = [];
  readonly #code = new CodeScanner();
  readonly #input: { characters: string[]; next: number }[] = [];
  /** Where the first token inside an open code span stands: whether it is code is known when the span ends. */
  #heldFrom = Infinity;
  #role: string | null = null;
  /** Inside a thought: the end of the thought so far that may grow to the token that ends it. */
  #thought: string | null = null;
  #ended = false;

  /** Up to where `text` stays as it is, whatever comes. */
  get decided(): number {
    return Math.min(this.#undecided, this.#heldFrom);
  }

  /** Somebody else's turn has begun: nothing that comes is part of the answer. */
  get isOver(): boolean {
    return this.#ended;
  }

  push(characters: string[]): void {
    this.#input.push({ characters, next: 0 });
    for (let piece = this.#input.at(-1); piece !== undefined; piece = this.#input.at(-1)) {
      const character = piece.characters[piece.next++];
      if (character === undefined) this.#input.pop();
      else if (!this.#ended) this.#take(character);
    }
  }

  /** The whole text: an unfinished token goes, and a token in a code span that never ended was not in code. */
  end(): string {
    this.#endRole();
    while (this.#heldFrom < Infinity && this.#code.endsInSpan(this.text, this.#undecided)) {
      this.#rewind();
      this.push([]);
      this.#endRole();
    }
    const unfinished = this.text
      .slice(this.#undecided)
      .join("")
      .search(/<[|｜]/);
    if (unfinished !== -1) this.text.length = this.#undecided + unfinished;
    return this.text.join("");
  }

  get #undecided(): number {
    return this.text.length - this.#begun.length;
  }

  #take(character: string): void {
    this.steps += 1;
    if (this.#thought !== null) this.#takeThought(this.#thought, character);
    else if (this.#role !== null) this.#takeRole(this.#role, character);
    else this.#takeText(character);
  }

  #takeText(character: string): void {
    if (this.text.length === 0 && character.trim() === "") return;
    const lineStart = this.#begun.length === 0 && this.text.at(-1) === "\n";
    const begun = nextStart(this.#begun.at(-1) ?? "", character, lineStart);
    this.text.push(character);
    this.#begun.push(begun);
    if (begun === "") {
      this.#settle();
      return;
    }
    const meaning = tokenMeaning(begun);
    if (meaning !== undefined) this.#meet(begun, meaning);
  }

  #meet(token: string, meaning: TokenMeaning): void {
    const start = this.text.length - Array.from(token).length;
    const code = this.#code.codeAt(this.text, this.#undecided);
    if (code === "none") {
      this.#drop(start, meaning);
      return;
    }
    if (code === "span") this.#heldFrom = Math.min(this.#heldFrom, this.#undecided);
    this.#settle();
  }

  #drop(start: number, meaning: TokenMeaning): void {
    this.#begun.length -= this.text.length - start;
    this.text.length = start;
    if (meaning === "header") this.#role = "";
    if (meaning === "think") this.#thought = "";
    if ((meaning === "turn" || meaning === "label") && start > 0) this.#ended = true;
  }

  /** What was undecided stays: the scanner for code reads it. */
  #settle(): void {
    for (let index = this.#undecided; index < this.text.length; index++) {
      const result = this.#code.read(this.text, index);
      if (result === "rewind") {
        this.#begun.length = 0;
        this.#rewind();
        return;
      }
      this.#release(result);
    }
    this.#begun.length = 0;
  }

  #release(result: ScanResult): void {
    if (result === "closed") this.#heldFrom = Infinity;
  }

  /** The open span was none: everything after its backticks is taken once more, as text. */
  #rewind(): void {
    const from = this.#code.spanEnd ?? this.text.length;
    this.#code.rewind();
    this.#heldFrom = Infinity;
    this.#begun.length = 0;
    this.#input.push({ characters: this.text.splice(from), next: 0 });
  }

  #takeRole(role: string, character: string): void {
    if (startsRole(role + character)) {
      this.#role = role + character;
      return;
    }
    const whole = roleOwner(role) !== null && !/[a-z]/.test(character);
    if (whole) this.#endRole();
    this.#role = null;
    this.#input.push({ characters: whole ? [character] : [...role, character], next: 0 });
  }

  #endRole(): void {
    const other = roleOwner(this.#role ?? "") === "other";
    this.#role = null;
    if (other && this.text.length > 0) this.#ended = true;
  }

  #takeThought(end: string, character: string): void {
    const begun = nextStart(end, character, false);
    this.#thought = tokenMeaning(begun) === "unthink" ? null : begun;
  }
}
