import { MAX_FORMULA_CHARACTERS } from "./limits";

/** LaTeX found in a text. */
export interface Formula {
  /** As it was written, delimiters included. */
  raw: string;
  source: string;
  isDisplay: boolean;
  /** Its end has not come yet: what is there may not be typeset. */
  isOpen: boolean;
}

const DELIMITERS = [
  { open: "\\(", close: "\\)", isDisplay: false },
  { open: "\\[", close: "\\]", isDisplay: true },
  { open: "$$", close: "$$", isDisplay: true },
] as const;

/** Where the next formula may begin; -1 for nowhere. */
export function nextFormula(text: string): number {
  return text.search(/\$|\\[([]/);
}

/**
 * The formula at the very beginning of a text, or null. A single `$` opens one by the rule of Pandoc
 * (https://pandoc.org/MANUAL.html#extension-tex_math_dollars), and only where what it holds is not money or prose.
 *
 * @param isGrowing whether more text may follow: a formula without its end is then taken to go on
 */
export function formulaAt(text: string, isGrowing: boolean): Formula | null {
  for (const { open, close, isDisplay } of DELIMITERS) {
    if (!text.startsWith(open)) continue;
    const within = text.slice(open.length, open.length + MAX_FORMULA_CHARACTERS + close.length);
    const end = within.indexOf(close);
    const source = within.slice(0, end < 0 ? within.length : end);
    if (/\n[ \t]*\n/.test(source)) return null;
    if (end >= 0) {
      const raw = open + source + close;
      return source.trim() === "" ? null : { raw, source, isDisplay, isOpen: false };
    }
    const isWhole = open.length + within.length === text.length;
    if (!isGrowing || !isWhole || source.trim() === "") return null;
    return { raw: text, source, isDisplay, isOpen: true };
  }
  return dollarFormulaAt(text);
}

function dollarFormulaAt(text: string): Formula | null {
  const found = /^\$((?!\s)(?:[^$\\\n]|\\[^\n]){1,500}?)(?<!\s)\$(?![\p{L}\p{N}$])/u.exec(text);
  const source = found?.[1];
  if (source === undefined || !isMathematics(source)) return null;
  return { raw: found![0], source, isDisplay: false, isOpen: false };
}

/** Money begins with a number and goes on as prose: "$5 and 6$" and "$20 for two people, 30$" are no formulas. */
function isMathematics(source: string): boolean {
  const withoutText = source.replace(/\\[a-z]+\{[^{}]*\}/gi, "");
  if (/[a-z]{2,},?\s+[a-z]{2,}/i.test(withoutText.replace(/\\[a-z]+/gi, ""))) return false;
  if (!/^\d/.test(source) || !/\s/.test(source)) return true;
  return /[\\^_=+*/<>|-]/.test(source);
}

/** Where the formulas of a text begin and end, those in inline code left out. */
export function formulaRanges(text: string, isGrowing: boolean): { start: number; end: number }[] {
  const ranges: { start: number; end: number }[] = [];
  const opening = /(`+)|\$|\\[^\n]/g;
  for (let found = opening.exec(text); found !== null;) {
    const [mark, ticks] = found;
    const after = opening.lastIndex;
    if (ticks !== undefined) {
      const close = endOfCode(text, after, ticks.length);
      if (close >= 0) opening.lastIndex = close;
    } else {
      const formula = formulaAt(text.slice(found.index), isGrowing);
      opening.lastIndex = formula === null ? found.index + mark.length : found.index + formula.raw.length;
      if (formula !== null) ranges.push({ start: found.index, end: opening.lastIndex });
    }
    found = opening.exec(text);
  }
  return ranges;
}

/** Inline code ends with as many backticks as it began with; -1 where it does not. */
function endOfCode(text: string, from: number, ticks: number): number {
  const run = /`+/g;
  run.lastIndex = from;
  for (let found = run.exec(text); found !== null;) {
    if (found[0].length === ticks) return run.lastIndex;
    found = run.exec(text);
  }
  return -1;
}

/** The text with letters in place of what the ranges hold, as long as before: no `_` or `*` in there is emphasis. */
export function maskRanges(text: string, ranges: readonly { start: number; end: number }[]): string {
  let masked = "";
  let at = 0;
  for (const { start, end } of ranges) {
    masked += text.slice(at, start) + "x".repeat(end - start);
    at = end;
  }
  return masked + text.slice(at);
}
