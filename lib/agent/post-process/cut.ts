import { scanMarkdown, type Line, type Scan } from "./scan";
import { lastSentenceEnd } from "./sentences";

const LEADS_ON = /[:,;(–—-][*_]*$/;
const BOLD_LINE = /^[ \t]*(\*\*|__)[^*_]+\1:?$/;

/**
 * The largest index at which `text` may be cut with only whole sentences before it; 0 when there is none. A cut is
 *
 * 1. after the stop of a sentence, outside of code, formulas, links, headings and rows;
 * 2. after a list item that has no stop, once the next line has begun;
 * 3. after a paragraph without a stop, when a blank line or another kind of line follows; not after one that leads on
 *    (`:`), nor after a bold line, which is a heading;
 * 4. after a whole row of a table that has a row below its head;
 * 5. after a fence's last line.
 *
 * `ended` false: more text comes, and what the end of the text leaves open counts as open.
 */
export function lastWholeSentence(text: string, ended: boolean): number {
  const scan = scanMarkdown(text);
  const allowed = cutAllowed(scan);
  for (let index = scan.lines.length - 1; index >= 0; index--) {
    const cut = cutInLine(text, scan, index, allowed, ended);
    if (cut > 0) return cut;
  }
  return 0;
}

/** For a fence that was shown too far to take it back: where it begins, and the end of its last whole line. */
export function lastWholeCodeLine(text: string): { cut: number; start: number } | null {
  const { fence } = scanMarkdown(text);
  if (fence === null) return null;
  const cut = text.lastIndexOf("\n");
  return cut > fence.firstLineEnd ? { cut, start: fence.start } : null;
}

function cutInLine(
  text: string,
  scan: Scan,
  index: number,
  allowed: (index: number) => boolean,
  ended: boolean,
): number {
  const line = scan.lines[index];
  if (line === undefined) return 0;
  const whole = line.end < text.length;
  if (line.kind === "fence-end") return whole || ended ? line.end : 0; // 5
  if (line.kind === "row") return whole && isBodyRow(text, scan.lines, index) ? line.end : 0; // 4
  if (line.kind !== "text" && line.kind !== "item") return 0;
  const content = text.slice(line.start, line.end);
  if (whole && endsParagraph(scan.lines, index) && !LEADS_ON.test(content) && !BOLD_LINE.test(content))
    if (allowed(line.end)) return line.end; // 2, 3
  const after = text.slice(line.end, line.end + 80);
  if (!ended && after.trim() === "" && !whole) return sentenceBefore(content, line, allowed);
  const end = lastSentenceEnd(content, after, (place) => allowed(line.start + place)); // 1
  return end === 0 ? 0 : line.start + end;
}

/** While more comes, a stop at the very end of the text may yet be a decimal point or an abbreviation's. */
function sentenceBefore(content: string, line: Line, allowed: (index: number) => boolean): number {
  const tail = content.trimEnd().length;
  const end = lastSentenceEnd(content, "", (place) => place < tail && allowed(line.start + place));
  return end === 0 ? 0 : line.start + end;
}

function endsParagraph(lines: Line[], index: number): boolean {
  const next = lines[index + 1];
  if (next === undefined || next.kind === "text") return false;
  const blankIsLast = next.kind === "blank" && index + 2 === lines.length;
  return !blankIsLast || lines[index]?.kind === "item";
}

function isBodyRow(text: string, lines: Line[], index: number): boolean {
  const [head, rule] = [lines[index - 2], lines[index - 1]];
  if (head?.kind !== "row" || rule?.kind !== "row") return false;
  return !/^[ \t>|:-]+$/.test(text.slice(lines[index]?.start, lines[index]?.end));
}

/** Whether a place is outside all code, formulas and links. */
function cutAllowed(scan: Scan): (index: number) => boolean {
  const openFrom = Math.min(
    ...scan.open.filter((entry) => entry.kind !== "emphasis").map((entry) => entry.start),
    Infinity,
  );
  return (index) => {
    if (index > openFrom) return false;
    let low = 0;
    let high = scan.spans.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((scan.spans[middle]?.end ?? 0) < index) low = middle + 1;
      else high = middle;
    }
    const span = scan.spans[low];
    return span === undefined || !(span.start < index && index < span.end);
  };
}
