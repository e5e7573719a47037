import type { OpenDelimiter } from "./delimiters";
import { scanMarkdown, type Scan } from "./scan";

const UNFINISHED_ENVIRONMENT = /\\(?:begin|end)\{[A-Za-z]{0,16}\*?$/;
const BEGUN_MARKER = /(?:^|[\s(])(\*{1,3}|_{1,2}|~~?|\$)$/;
const MOST_PASSES = 8;
const MOST_BACKSLASHES = 100;

/**
 * `text` with everything closed that it leaves open: fences (same marker, same indent), code, formulas with their groups
 * and environments, bold and italic. A delimiter that nothing follows, and one half written, goes instead. `brokenOff`:
 * the model had more to write; when it had not, a lone `*` or `_` is what it meant (`*args`), and stays alone.
 */
export function balance(text: string, brokenOff: boolean): string {
  let kept = text.trimEnd();
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const scan = scanMarkdown(kept);
    const shorter = withoutMarker(withoutDangling(kept, scan), scan, brokenOff).trimEnd();
    if (shorter === kept) break;
    kept = shorter;
  }
  // What closes may change what its line is (`#` and then `**`): then it is looked at once more.
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const closing = closers(kept, scanMarkdown(kept), brokenOff);
    if (closing === "") break;
    kept += closing;
  }
  return kept;
}

/** Nothing may go here that was shown: `AnswerStream` holds back just what these rules take. */
function withoutDangling(text: string, scan: Scan): string {
  if (scan.fence !== null) return withoutDanglingFence(text, scan.fence);
  let end = text.length;
  for (const entry of scan.open.toReversed()) {
    if (entry.contentStart < end || !mayGo(entry)) break;
    end = text.slice(0, entry.start).trimEnd().length;
  }
  if (end < text.length) return text.slice(0, end);
  const unfinished = UNFINISHED_ENVIRONMENT.exec(text.slice(-40));
  if (unfinished !== null) return text.slice(0, -unfinished[0].length);
  const top = scan.open.at(-1);
  if (top === undefined) return text;
  if (top.kind !== "code" && /(?<!\\)(?:\\\\)*\\$/.test(text.slice(-MOST_BACKSLASHES))) return text.slice(0, -1);
  const run = endOfRun(text, top.closer[0] ?? "");
  const length = text.length - run;
  if (length === 0 || top.closer.startsWith("\\") || top.kind === "group") return text;
  // Dollars of another number than opened the formula do not close it; an escaped one is a part of it.
  if (top.kind === "formula") return text.slice(0, text[run - 1] === "\\" ? run + 1 : run);
  const closesNothing = top.kind === "emphasis" && /\s/.test(text[run - 1] ?? " ");
  return closesNothing || length < top.closer.length ? text.slice(0, run) : text;
}

function withoutDanglingFence(text: string, fence: NonNullable<Scan["fence"]>): string {
  const marker = fence.marker[0] ?? "";
  if (endOfRun(text, marker) <= fence.start) return text.slice(0, fence.start);
  const run = endOfRun(text, marker);
  const half = text.length - run < fence.marker.length && /\n[ \t>]*$/.test(text.slice(Math.max(0, run - 100), run));
  return half ? text.slice(0, run) : text;
}

/** A marker after a space may be one that begins: what it would have marked was not written. */
function withoutMarker(text: string, scan: Scan, brokenOff: boolean): string {
  const inText = scan.fence === null && (scan.open.at(-1)?.kind ?? "emphasis") === "emphasis";
  if (!brokenOff || !inText || scan.lines.at(-1)?.kind === "rule") return text;
  return text.slice(0, text.length - (BEGUN_MARKER.exec(text.slice(-10))?.[1]?.length ?? 0));
}

/** An environment and a group begin with letters or a brace that were shown. */
function mayGo(entry: OpenDelimiter): boolean {
  return entry.kind !== "group" && !entry.closer.startsWith("\\end");
}

function closers(text: string, scan: Scan, brokenOff: boolean): string {
  if (scan.fence !== null) return `\n${scan.fence.prefix}${scan.fence.marker}`;
  let closing = "";
  const outermost = scan.open.findIndex((entry) => entry.closer.length > 1);
  for (const [index, entry] of [...scan.open.entries()].reverse()) {
    const alone = entry.kind === "emphasis" && entry.closer.length === 1 && (outermost === -1 || index < outermost);
    if (alone && !brokenOff) continue;
    if (entry.kind === "code" && text.endsWith("`")) closing += " ";
    if (entry.kind === "formula" && text[entry.contentStart] === "\n") closing += "\n";
    closing += entry.closer;
  }
  return closing;
}

function endOfRun(text: string, character: string): number {
  let end = text.length;
  while (end > 0 && text[end - 1] === character) end--;
  return end;
}
