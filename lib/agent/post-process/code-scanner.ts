import { closesFence, openingFence, startsBlock, type Fence } from "./lines";

export type Code = "none" | "span" | "fence";

/** What a character did: `rewind` means that the open span turned out to be none, and is to be read again as text. */
export type ScanResult = "on" | "closed" | "rewind";

/**
 * Where code is, character by character, over a text that the caller keeps and gives to each call. An inline span is
 * believed from its first backtick on; where its paragraph ends without the last one, it was none (CommonMark, 6.1).
 */
export class CodeScanner {
  #fence: Fence | null = null;
  /** The open span: how many backticks opened it, where they end, and where their line began. */
  #span: { backticks: number; end: number; lineStart: number } | null = null;
  #backticks = 0;
  #lineStart = 0;
  /** After a backslash outside of code: a backtick that comes now is only itself. */
  #escaped = false;

  /** What a character other than a backtick would be part of, if it came at this place. */
  codeAt(text: readonly string[], index: number): Code {
    if (this.#fence !== null) return closesFence(this.#lineHead(text, index), this.#fence) ? "none" : "fence";
    if (this.#backticks === 0) return this.#span === null ? "none" : "span";
    return this.#closes(text, index) ? "none" : "span";
  }

  /** Reads `text[index]`; the caller reads every character once and in order. */
  read(text: readonly string[], index: number): ScanResult {
    if (this.#fence !== null) return this.#readInFence(this.#fence, text, index);
    const escaped = this.#escaped;
    this.#escaped = this.#span === null && text[index] === "\\" && !escaped;
    if (text[index] === "`" && !escaped) {
      this.#backticks += 1;
      return "on";
    }
    const ended = this.#backticks > 0 ? this.#endBackticks(text, index) : "on";
    if (ended === "rewind" || text[index] !== "\n") return ended;
    return this.#endLine(text, index) ?? ended;
  }

  /** Where the open span's text begins; null when none is open. */
  get spanEnd(): number | null {
    return this.#span?.end ?? null;
  }

  /** Whether a text that ends here ends in a span; the first line of a fence is none. */
  endsInSpan(text: readonly string[], index: number): boolean {
    if (this.codeAt(text, index) !== "span") return false;
    return this.#span?.lineStart !== this.#lineStart || openingFence(text.slice(this.#lineStart).join("")) === null;
  }

  /** Takes the open span for plain text: what stands after its backticks is to be read again. */
  rewind(): void {
    this.#lineStart = this.#span?.lineStart ?? this.#lineStart;
    this.#span = null;
    this.#backticks = 0;
  }

  #readInFence(fence: Fence, text: readonly string[], index: number): ScanResult {
    if (text[index] !== "\n") return "on";
    if (closesFence(this.#lineHead(text, index), fence)) this.#fence = null;
    this.#lineStart = index + 1;
    return "on";
  }

  #closes(text: readonly string[], index: number): boolean {
    if (this.#span?.backticks !== this.#backticks) return false;
    return !this.#leftParagraph(text, index);
  }

  #leftParagraph(text: readonly string[], index: number): boolean {
    return this.#span?.lineStart !== this.#lineStart && startsBlock(this.#lineHead(text, index));
  }

  #endBackticks(text: readonly string[], index: number): ScanResult {
    const backticks = this.#backticks;
    if (this.#span !== null && this.#leftParagraph(text, index)) return "rewind";
    this.#backticks = 0;
    if (this.#span === null) this.#span = { backticks, end: index, lineStart: this.#lineStart };
    else if (this.#span.backticks === backticks) {
      this.#span = null;
      return "closed";
    }
    return "on";
  }

  #endLine(text: readonly string[], index: number): ScanResult | null {
    if (this.#span !== null && this.#leftParagraph(text, index)) return "rewind";
    const fence = openingFence(text.slice(this.#lineStart, index).join(""));
    this.#lineStart = index + 1;
    if (fence === null) return null;
    this.#fence = fence;
    this.#span = null;
    return "closed";
  }

  /** As much of the line as tells what it is: a line of a megabyte is not looked at anew for every character. */
  #lineHead(text: readonly string[], index: number): string {
    return text.slice(this.#lineStart, Math.min(index, this.#lineStart + 120)).join("");
  }
}
