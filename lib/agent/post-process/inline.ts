import { backtickRuns, looksLikeFormula, staysOpen, type OpenDelimiter, type Span } from "./delimiters";

const MOST_DEEP = 64;
const ENVIRONMENT = /\\(begin|end)\{([A-Za-z]+\*?)\}/y;
const LINK = /!?\[[^\]\n]{0,300}(?:\](?:\([^)\s]{0,1000}(?:\)|$)|$)|$)|https?:\/\/[^\s)>\]]{1,1000}/y;
const RUN = /`+|\*+|_+|~+|\$+/y;
const WORD = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}]/u;

/**
 * Reads one text, paragraph by paragraph (a heading, a list item and a row are each one), and says what stays open. A delimiter that is open at the
 * end of the paragraph was none in Markdown; only `$$`, `\[` and `\begin` go on, and what the whole text ends with.
 */
export class InlineReader {
  readonly open: OpenDelimiter[] = [];
  readonly spans: Span[] = [];
  #text = "";
  #at = 0;
  #end = 0;
  #last = false;
  /** Where each length of backticks stands, the last first. */
  #backticks = new Map<number, number[]>();
  /** The next `$` that may end a formula, anywhere in the text. */
  #dollar = -1;
  #backtick = -1;

  /** Reads `text` from `start` to `end`; `last` when the text ends there. */
  read(text: string, start: number, end: number, last: boolean): void {
    [this.#text, this.#at, this.#end, this.#last] = [text, start, end, last];
    this.#backticks = backtickRuns(text, start, end);
    while (this.#at < end) this.#step();
    if (!last) this.#leaveParagraph();
  }

  /** A formula that has not ended where a fence begins was none. */
  meetFence(): void {
    this.open.length = 0;
  }

  #step(): void {
    const character = this.#text[this.#at] ?? "";
    if (character === "\\") this.#backslash();
    else if (character === "`") this.#code(this.#match(RUN)?.[0] ?? character);
    else if (this.#formula !== undefined) this.#inFormula(this.#formula, character);
    else if (character === "$") this.#dollars(this.#match(RUN)?.[0] ?? character);
    else if ("*_~".includes(character)) this.#emphasis(this.#match(RUN)?.[0] ?? character);
    else if ("[!h".includes(character)) this.#link();
    else this.#at += 1;
  }

  get #formula(): OpenDelimiter | undefined {
    return this.open.findLast((entry) => entry.kind === "formula");
  }

  #backslash(): void {
    const pair = this.#text.slice(this.#at, Math.min(this.#at + 2, this.#end));
    const [whole = pair, word, name = ""] = this.#match(ENVIRONMENT) ?? [];
    if (word === "begin") this.#push("formula", whole, `\\end{${name}}`);
    else if (word === "end" || pair === "\\)" || pair === "\\]") this.#closeFormula(whole);
    else if ((pair === "\\(" || pair === "\\[") && this.#formula === undefined)
      this.#push("formula", pair, pair === "\\(" ? "\\)" : "\\]");
    this.#at += whole.length;
  }

  #inFormula(formula: OpenDelimiter, character: string): void {
    const dollars = character === "$" ? (this.#match(RUN)?.[0] ?? "") : "";
    if (character === "{") this.#push("group", character, "}");
    else if (character === "}" && this.open.at(-1)?.kind === "group") this.open.pop();
    else if (dollars !== "" && formula.closer === dollars) this.#closeFormula(dollars);
    this.#at += Math.max(1, dollars.length);
  }

  #closeFormula(closer: string): void {
    const index = this.open.findLastIndex((entry) => entry.kind === "formula" && entry.closer === closer);
    const [opened] = index === -1 ? [] : this.open.splice(index);
    if (opened !== undefined) this.spans.push({ start: opened.start, end: this.#at + closer.length });
  }

  #code(run: string): void {
    const places = this.#backticks.get(run.length) ?? [];
    while ((places.at(-1) ?? Infinity) <= this.#at) places.pop();
    const closing = places.at(-1);
    if (closing !== undefined) this.#skip(closing + run.length);
    else if (this.#last && this.#formula === undefined) {
      this.#push("code", run, run);
      this.#at = this.#end;
    } else this.#at += run.length;
  }

  #dollars(run: string): void {
    if (run.length === 2) this.#push("formula", run, run);
    else if (run.length === 1 && !WORD.test(this.#before) && /\S/.test(this.#text[this.#at + 1] ?? "")) {
      const closing = this.#closingDollar();
      if (closing !== -1) {
        this.#skip(closing + 1);
        return;
      }
      const content = this.#text.slice(this.#at + 1, Math.min(this.#end, this.#at + 400));
      if (this.#last && looksLikeFormula(content)) this.#push("formula", run, run);
    }
    this.#at += run.length;
  }

  /** After pandoc: a `$` that ends a formula has no space before it and no digit after it. */
  #closingDollar(): number {
    if (this.#dollar <= this.#at) {
      const closing = /(?<![\s\\$])\$(?![\d$])/g;
      closing.lastIndex = this.#at + 1;
      this.#dollar = closing.exec(this.#text)?.index ?? Infinity;
    }
    if (this.#backtick <= this.#at) this.#backtick = nextIndex(this.#text, "`", this.#at + 1);
    // Code binds tighter than a formula does.
    return this.#dollar < Math.min(this.#end, this.#backtick) ? this.#dollar : -1;
  }

  #emphasis(run: string): void {
    const after = this.#text[this.#at + run.length] ?? " ";
    const inWord = WORD.test(this.#before) && WORD.test(after);
    const closes = /\S/.test(this.#before) && !(inWord && run.startsWith("_"));
    // "Tom plays the ___." is a blank to fill in: nothing is emphasized that begins with such a mark.
    const isBlank = run.startsWith("_") && /[.,;:!?)]/.test(after);
    const opens = /\S/.test(after) && !isBlank && this.#at + run.length < this.#end && !WORD.test(this.#before);
    const left = closes ? this.#closeEmphasis(run) : run.length;
    if (left === run.length && opens && left <= 3 && (run[0] !== "~" || left === 2)) {
      const marker = run[0] ?? "";
      const lengths = left === 3 ? [2, 1] : [left];
      for (const length of lengths) {
        this.#push("emphasis", marker.repeat(length), marker.repeat(length));
        this.#at += length;
      }
    } else this.#at += run.length;
  }

  /** Closes what these markers close; how many of them are left. */
  #closeEmphasis(run: string): number {
    let left = run.length;
    for (;;) {
      const index = this.open.findLastIndex((entry) => entry.closer.startsWith(run[0] ?? ""));
      const length = this.open[index]?.closer.length ?? Infinity;
      if (length > left) return left;
      this.open.splice(index);
      left -= length;
    }
  }

  #link(): void {
    const [link = ""] = this.#match(LINK) ?? [];
    if (link === "" || this.#at + link.length > this.#end) {
      this.#at += 1;
      return;
    }
    this.spans.push({ start: this.#at, end: this.#at + link.length });
    this.#at += link.startsWith("h") ? link.length : 1;
  }

  get #before(): string {
    return this.#text[this.#at - 1] ?? " ";
  }

  #push(kind: OpenDelimiter["kind"], opener: string, closer: string): void {
    if (this.open.length >= MOST_DEEP) return;
    this.open.push({ kind, start: this.#at, contentStart: this.#at + opener.length, closer });
  }

  #skip(end: number): void {
    this.spans.push({ start: this.#at, end });
    this.#at = end;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text);
  }

  #leaveParagraph(): void {
    const kept = this.open.findIndex((entry) => !staysOpen(entry));
    if (kept !== -1) this.open.splice(kept, Infinity, ...this.open.slice(kept).filter(staysOpen));
  }
}

function nextIndex(text: string, part: string, from: number): number {
  const index = text.indexOf(part, from);
  return index === -1 ? Infinity : index;
}
