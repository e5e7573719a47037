/** What a stream of generated text turns into: an answer, and the thinking before it. */
export interface Piece {
  kind: "text" | "thought";
  text: string;
}

export interface TextStreamOptions {
  /** The model's thought tags, or null when its answers have none. `open` is empty when only the template opens thoughts. */
  tags: { open: string; close: string } | null;
  startsInThought: boolean;
  /** Texts that end the answer; they are looked for in the answer only, never in a thought. */
  stops: string[];
  /** White space at the end is not part of what is said (JSON may be followed by any amount of it). */
  trimEnd: boolean;
}

/**
 * Tells thoughts from answers and finds stop texts while text arrives in fragments. Whatever could still become a tag or a
 * stop text is held back, and nothing else: a reader sees each character as soon as it is certain.
 */
export class TextStream {
  private buffer = "";
  private thinking: boolean;
  private atStart = true;
  private afterTag = false;
  private ended = false;

  constructor(private readonly options: TextStreamOptions) {
    this.thinking = options.startsInThought;
  }

  get inThought(): boolean {
    return this.thinking;
  }

  /** A stop text was found: nothing that follows belongs to the answer. */
  get stopped(): boolean {
    return this.ended;
  }

  push(text: string): Piece[] {
    if (this.ended) return [];
    this.buffer += text;
    return this.scan();
  }

  /** A control token: a tag when it is one, else not part of the text. */
  pushControl(text: string): Piece[] {
    const { tags } = this.options;
    const tag = text.trim();
    if (this.ended || tags === null || tag === "" || (tag !== tags.open && tag !== tags.close)) return [];
    const before = this.flush();
    this.enter(tag === tags.open);
    return before;
  }

  /** Ends the thought as if the model had closed it. */
  closeThought(): Piece[] {
    const before = this.flush();
    this.enter(false);
    return before;
  }

  /** What was held back, once nothing more will come. */
  finish(): Piece[] {
    if (this.ended) return [];
    if (this.options.trimEnd) this.buffer = this.buffer.trimEnd();
    return this.flush();
  }

  private enter(thinking: boolean): void {
    this.thinking = thinking;
    this.atStart = true;
    this.afterTag = true;
  }

  /** The line breaks behind a tag are the format's: a stop text of "\n" does not mean them. */
  private dropFormatting(): void {
    if (this.afterTag) this.buffer = this.buffer.trimStart();
    if (this.buffer !== "") this.afterTag = false;
  }

  private scan(): Piece[] {
    const pieces: Piece[] = [];
    this.dropFormatting();
    for (;;) {
      const found = firstOf(this.buffer, this.markers());
      if (found === null) break;
      pieces.push(...this.emit(this.buffer.slice(0, found.index)));
      this.buffer = this.buffer.slice(found.index + found.marker.length);
      const { tags } = this.options;
      if (tags !== null && found.marker === (this.thinking ? tags.close : tags.open)) {
        this.enter(!this.thinking);
        this.dropFormatting();
      } else {
        this.ended = true;
        this.buffer = "";
        return pieces;
      }
    }
    const held = heldBackLength(this.buffer, this.markers());
    pieces.push(...this.emit(this.buffer.slice(0, this.buffer.length - held)));
    this.buffer = this.buffer.slice(this.buffer.length - held);
    return pieces;
  }

  /** A tag opens a thought only where an answer begins: an answer may well write about tags. */
  private markers(): string[] {
    const { tags, stops } = this.options;
    if (this.thinking) return tags === null ? [] : [tags.close];
    return tags !== null &&
      tags.open !== "" &&
      this.atStart &&
      this.buffer.trimStart().startsWith(tags.open.slice(0, this.buffer.trim().length))
      ? [tags.open, ...stops]
      : stops;
  }

  private flush(): Piece[] {
    const pieces = this.emit(this.buffer);
    this.buffer = "";
    return pieces;
  }

  /** The line breaks around tags belong to the format, not to what is said. */
  private emit(text: string): Piece[] {
    const said = this.atStart ? text.trimStart() : text;
    if (said === "") return [];
    this.atStart = false;
    return [{ kind: this.thinking ? "thought" : "text", text: said }];
  }
}

function firstOf(text: string, markers: string[]): { index: number; marker: string } | null {
  let first: { index: number; marker: string } | null = null;
  for (const marker of markers) {
    const index = text.indexOf(marker);
    if (index !== -1 && (first === null || index < first.index)) first = { index, marker };
  }
  return first;
}

/** Length of the longest end of `text` that one of the markers could begin with. */
function heldBackLength(text: string, markers: string[]): number {
  let longest = 0;
  for (const marker of markers) {
    for (let length = Math.min(marker.length - 1, text.length); length > longest; length--) {
      if (text.endsWith(marker.slice(0, length))) longest = length;
    }
  }
  return longest;
}
