import type { OpenDelimiter, Span } from "./delimiters";
import { InlineReader } from "./inline";
import { closesFence, containerLength, openingFence, startsBlock, type Fence } from "./lines";

export type LineKind = "blank" | "text" | "item" | "heading" | "row" | "rule" | "fence" | "fence-end";

export interface Line {
  kind: LineKind;
  start: number;
  /** Without its line break. */
  end: number;
}

/** What a text is made of, and what it leaves open at its end. */
export interface Scan {
  lines: Line[];
  /** `start`: where its marker stands. */
  fence: (Fence & { start: number; firstLineEnd: number }) | null;
  open: OpenDelimiter[];
  /** In order, none within another. */
  spans: Span[];
}

const RULE = /^[ \t]*([-*_])(?:[ \t]*\1){2,}[ \t]*$/;

/** Reads Markdown as far as cutting and closing need it; takes time in proportion to the text. */
export function scanMarkdown(text: string): Scan {
  const inline = new InlineReader();
  const lines: Line[] = [];
  let fence: Scan["fence"] = null;
  const paragraph = { start: -1, end: -1 };
  const endParagraph = (): void => {
    if (paragraph.start !== -1) inline.read(text, paragraph.start, paragraph.end, paragraph.end === text.length);
    paragraph.start = -1;
  };
  for (const { line, start, end } of linesOf(text)) {
    if (fence !== null) {
      const ends = closesFence(line, fence);
      lines.push({ kind: ends ? "fence-end" : "fence", start, end });
      if (ends) fence = null;
      continue;
    }
    const opening = openingFence(line);
    const kind = opening === null ? lineKind(line) : "fence";
    lines.push({ kind, start, end });
    if (kind !== "text") endParagraph();
    if (opening !== null) inline.meetFence();
    if (opening !== null) fence = { ...opening, start: start + opening.prefix.length, firstLineEnd: end };
    if (opening !== null || kind === "blank" || kind === "rule") continue;
    if (paragraph.start === -1) paragraph.start = start + containerLength(line);
    paragraph.end = end;
  }
  endParagraph();
  return { lines, fence, open: inline.open, spans: merged(inline.spans) };
}

function merged(spans: Span[]): Span[] {
  const apart: Span[] = [];
  for (const span of spans.toSorted((left, right) => left.start - right.start)) {
    const last = apart.at(-1);
    if (last !== undefined && span.start < last.end) last.end = Math.max(last.end, span.end);
    else apart.push({ ...span });
  }
  return apart;
}

function lineKind(line: string): LineKind {
  if (line.trim() === "") return "blank";
  if (RULE.test(line)) return "rule";
  if (/^[ \t]{0,3}#{1,6}[ \t]/.test(line)) return "heading";
  if (/^[ \t>]{0,40}\|/.test(line)) return "row";
  return startsBlock(line) ? "item" : "text";
}

function* linesOf(text: string): Generator<{ line: string; start: number; end: number }> {
  for (let start = 0; start <= text.length;) {
    const found = text.indexOf("\n", start);
    const end = found === -1 ? text.length : found;
    yield { line: text.slice(start, end), start, end };
    start = end + 1;
  }
}
