/** Something that is open: from where on, where its content begins, and what closes it. */
export interface OpenDelimiter {
  kind: "code" | "formula" | "group" | "emphasis" | "link";
  start: number;
  contentStart: number;
  closer: string;
}

/** Where nothing may be cut, as places in the whole text: closed code, formulas and links. */
export interface Span {
  start: number;
  end: number;
}

/** Whether this goes on where its paragraph ends. */
export function staysOpen(entry: OpenDelimiter): boolean {
  return entry.kind === "formula" && entry.closer !== "$" && entry.closer !== "\\)";
}

/** Where runs of backticks begin, by their length, the last first. */
export function backtickRuns(text: string, start: number, end: number): Map<number, number[]> {
  const runs = new Map<number, number[]>();
  for (const match of text.slice(start, end).matchAll(/`+/g)) {
    const places = runs.get(match[0].length);
    if (places === undefined) runs.set(match[0].length, [start + match.index]);
    else places.push(start + match.index);
  }
  for (const places of runs.values()) places.reverse();
  return runs;
}

/** Whether what follows a lone `$` is a formula that broke off, not an amount of money or the name of a variable. */
export function looksLikeFormula(content: string): boolean {
  if (/^\d[\d.,]*(?:[kKmMbB]\b|%|[\s.,;:!?)\-–*_]|$)/.test(content)) return /^[^\s]*[\\^]/.test(content);
  return /[\\^={}]/.test(content) || /^\d*\p{L}(?![\p{L}\d])/u.test(content);
}
