const ABBREVIATIONS = new Set(
  (
    "e.g i.e etc cf vs ca approx dr mr mrs ms prof st jr sr no nr fig figs eq eqs sec ch vol pp p al ed eds dept est " +
    "inc ltd co corp min max avg z.b d.h u.a bzw ggf usw u.s u.k p.s a.m p.m"
  ).split(" "),
);
/** These end sentences as often as not: what comes after them decides. */
const MAY_END = new Set(["etc", "a.m", "p.m", "al", "usw", "u.s", "u.k", "co", "inc", "ltd", "corp", "jr", "sr"]);

/** A stop, then what closes after it; stops that need no space after them stand alone. */
const STOPS = /(?:[.!?…]+|[。！？｡؟।]+)["'”’»)\]」』）*_~]*/gu;
const WORD_BEFORE = /[\p{L}.]+$/u;
const MOST_LETTERS = 40;

/**
 * Where the last whole sentence of `line` ends, as an index into it; 0 when none does. `after` is what follows the line
 * ("" when the text ends there), `allowed` says which places are no option. A stop ends a sentence when
 *
 * 1. it is one of the scripts without spaces (`。！？`), or
 * 2. a space follows, or the end, and it is not the stop of an abbreviation, an initial or a number in progress,
 * 3. and what comes next does not begin with a small letter.
 */
export function lastSentenceEnd(line: string, after: string, allowed: (index: number) => boolean): number {
  let last = 0;
  for (const match of line.matchAll(STOPS)) {
    const end = match.index + match[0].length;
    if (endsSentence(line, match.index, match[0], after) && allowed(match.index) && allowed(end)) last = end;
  }
  return last;
}

function endsSentence(line: string, start: number, stop: string, after: string): boolean {
  if (/^[。！？｡؟।]/u.test(stop)) return true; // 1
  const rest = line.slice(start + stop.length, start + stop.length + MOST_LETTERS);
  if (rest !== "" && !/^\s/.test(rest)) return false; // 2
  const next = (rest + after.slice(0, MOST_LETTERS)).trimStart();
  const before = line.slice(Math.max(0, start - MOST_LETTERS), start);
  if (before.trim() === "" || /^\p{Ll}/u.test(next)) return false; // 3
  if (stop.startsWith("…") || stop.startsWith("..")) return next !== "";
  return !stop.startsWith(".") || !isAbbreviation(before, next);
}

function isAbbreviation(before: string, next: string): boolean {
  if (/\d$/.test(before)) return next === "" || /^\s*(?:[-*+>]\s+)*\d+$/.test(before);
  const word = (WORD_BEFORE.exec(before)?.[0] ?? "").replace(/^\.+/, "");
  if (/^\p{Lu}$/u.test(word)) return word !== "I" || next === ""; // an initial
  const known = word.toLowerCase();
  return ABBREVIATIONS.has(known) && !(MAY_END.has(known) && /^\p{Lu}/u.test(next));
}
