import remend, { type RemendOptions } from "remend";

import { formulaRanges, maskRanges } from "./formulas";

const OPTIONS: RemendOptions = {
  katex: false,
  inlineKatex: false,
  htmlTags: false,
  comparisonOperators: false,
  singleTilde: false,
  linkMode: "text-only",
};
/** What remend puts in place of an image whose address is not complete. */
const UNFINISHED_IMAGE = /!\[([^\]]*)\]\(streamdown:incomplete-image\)/;

/**
 * The last block of a text that still grows, with what has begun brought to an end: emphasis, code, a link, the head of a
 * table. It then looks from its first character as it will look when it is complete.
 */
export function completeBlock(source: string): string {
  if (/^ {0,3}(?:`{3}|~{3})/.test(source)) return source; // marked reads a fence without an end to the end of the text
  const table = completeTable(source);
  if (table !== null) return table;
  const ranges = formulaRanges(source, true);
  const masked = maskRanges(source, ranges);
  const completed = remend(masked, OPTIONS).replace(UNFINISHED_IMAGE, "Image: $1");
  let same = 0;
  while (same < completed.length && completed[same] === masked[same]) same += 1;
  const isInFormula = same < (ranges.at(-1)?.end ?? 0);
  return isInFormula ? source : source.slice(0, same) + completed.slice(same);
}

/** The first line of a table, alone or with a part of the line of dashes: shown as a table, since it will be one. */
function completeTable(source: string): string | null {
  const [, head, dashes] = /^(\|[^\n]*\|)[ \t]*\n?(\|?[-:| \t]*)$/.exec(source) ?? [];
  if (head === undefined || head.length < 3) return null;
  const columns = head.replace(/\\\|/g, "").split("|").length - 2;
  const row = `|${"---|".repeat(columns)}`;
  return dashes !== undefined && dashes.split("|").length - 2 >= columns ? null : `${head}\n${row}`;
}
