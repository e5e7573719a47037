/** An open code fence: how its last line has to look. */
export interface Fence {
  /** The list's indent and the quote's `>` before the marker, with a list's own marker as spaces. */
  prefix: string;
  /** "`" or "~", three or more times. */
  marker: string;
}

/** The beginning of a line that a quote, a list or both take: what stands after it is the line's own text. */
const CONTAINER = /^(?:[ \t]{0,40}(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t])))*[ \t]{0,40}/;
const OPENING = /^(`{3,}|~{3,})(.*)$/s;
const BLOCK = /^[ \t]{0,40}(?:$|>|#{1,6}[ \t]|[-*+][ \t]|\d{1,9}[.)][ \t]|`{3}|~{3}|\||-{3,}[ \t]*$)/;
const HEAD_CHARACTERS = 100;

/** The length of what a quote or a list puts before the line's own text. */
export function containerLength(line: string): number {
  return CONTAINER.exec(line.slice(0, HEAD_CHARACTERS))?.[0].length ?? 0;
}

/** The fence that this line opens; null when it opens none (such as "```code```", which is inline code). */
export function openingFence(line: string): Fence | null {
  const length = containerLength(line);
  const [, marker = "", info = ""] = OPENING.exec(line.slice(length)) ?? [];
  if (marker === "" || (marker.startsWith("`") && info.includes("`"))) return null;
  return { prefix: line.slice(0, length).replace(/[^\s>]/g, " "), marker };
}

/** Any indent will do, since small models lose it; nothing but spaces may follow. */
export function closesFence(line: string, fence: Fence): boolean {
  const text = line.slice(/^[ \t>]*/.exec(line)?.[0].length ?? 0).trimEnd();
  return text.length >= fence.marker.length && text === (fence.marker[0] ?? "").repeat(text.length);
}

/** Whether this line cannot go on with the paragraph before it. Only its beginning is looked at. */
export function startsBlock(line: string): boolean {
  return BLOCK.test(line.slice(0, HEAD_CHARACTERS));
}
