import type { Token, Tokens } from "marked";

/** A list is divided between its items once it has this many characters, so that only its end is parsed again. */
const LIST_PART = 2_000;

/** Where in a list a block begins. */
export interface ListPlace {
  /** Of an ordered list that goes on from the block before: the number of its first item. */
  firstNumber: number | null;
  /** Whether it holds further items of the list in the block before. */
  goesOn: boolean;
}

/** A token as a block of its own, or one of several. */
interface Part extends ListPlace {
  source: string;
  isFence: boolean;
  isSpace: boolean;
  definition: Tokens.Def | null;
}

/**
 * One part for a block; several for a long list, each of some items.
 *
 * @param begun where the list begins that this token goes on with, if it does
 */
export function partsOf(token: Token, begun: ListPlace | null): Part[] {
  const part = {
    source: token.raw,
    firstNumber: null,
    goesOn: false,
    isFence: token.type === "code",
    isSpace: token.type === "space",
    definition: token.type === "def" ? (token as Tokens.Def) : null,
  };
  if (token.type !== "list") return [part];
  const { items, start, raw } = token as Tokens.List;
  let number = begun?.firstNumber ?? (start === "" ? null : start);
  const parts: Part[] = [];
  let begin = 0;
  let at = 0;
  let first = number;
  items.forEach((item, index) => {
    at += item.raw.length;
    if (number !== null) number += 1;
    const isLast = index === items.length - 1;
    if (!isLast && at - begin < LIST_PART) return;
    parts.push({
      ...part,
      source: raw.slice(begin, isLast ? raw.length : at),
      firstNumber: first,
      goesOn: parts.length > 0 || begun?.goesOn === true,
    });
    begin = at;
    first = number;
  });
  return parts;
}
