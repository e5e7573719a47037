import { estimateTokens, MOST_CHARACTERS_A_TOKEN } from "./budgets";

const CUT = " … ";

/**
 * A text of at most about `tokens` tokens: its beginning, and its last third, where questions stand. Always the same for
 * the same text, so that a conversation shown again is the same byte by byte.
 */
export function clipMiddle(text: string, tokens: number): string {
  const mayFit = text.length <= tokens * MOST_CHARACTERS_A_TOKEN;
  if (mayFit && estimateTokens(text) <= tokens) return text;
  const end = Math.floor(tokens / 3);
  return `${clipEnd(text, tokens - end - 3).trimEnd()}${CUT}${clipStart(text, end).trimStart()}`;
}

/** The longest beginning of at most about `tokens` tokens. */
export function clipEnd(text: string, tokens: number): string {
  const candidate = text.slice(0, Math.max(0, tokens) * MOST_CHARACTERS_A_TOKEN);
  const length = longest(candidate.length, (characters) => estimateTokens(candidate.slice(0, characters)) <= tokens);
  // Half a character is no text.
  return candidate.slice(0, /[\uD800-\uDBFF]/.test(candidate.charAt(length - 1)) ? length - 1 : length);
}

function clipStart(text: string, tokens: number): string {
  const candidate = text.slice(Math.max(0, text.length - tokens * MOST_CHARACTERS_A_TOKEN));
  const all = candidate.length;
  const start = all - longest(all, (characters) => estimateTokens(candidate.slice(all - characters)) <= tokens);
  return candidate.slice(/[\uDC00-\uDFFF]/.test(candidate.charAt(start)) ? start + 1 : start);
}

/** The largest number up to `limit` for which it holds; it must hold for 0, and for all numbers below one it holds for. */
function longest(limit: number, holds: (value: number) => boolean): number {
  let [low, high] = [0, limit];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
