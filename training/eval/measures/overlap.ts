import { numbersOf, tokensOf } from "./words";

/** How like two texts are, word by word: 1 for the same words in the same order, 0 for none in common. */
export function overlapOf(answer: string, expected: string): number {
  const [ours, theirs] = [tokensOf(answer), tokensOf(expected)];
  if (ours.length === 0 || theirs.length === 0) return 0;
  return (2 * longestCommon(ours, theirs)) / (ours.length + theirs.length);
}

/**
 * Whether an answer says what the text says: nearly all of its words in its order, none of it missing at the end, and
 * exactly its numbers. A word in place of another, such as a "not" that is left out, can pass: see the README.
 */
export function saysTheSame(answer: string, expected: string): boolean {
  const sameNumbers = numbersOf(answer).join(" ") === numbersOf(expected).join(" ");
  return sameNumbers && overlapOf(answer, expected) >= NEARLY_ALL;
}

/** Whether an answer is the text, but for blanks, capitals and marks. */
export function isWordForWord(answer: string, expected: string): boolean {
  return tokensOf(answer).join(" ") === tokensOf(expected).join(" ");
}

const NEARLY_ALL = 0.85;

/** Length of the longest common subsequence; two answers of a hundred words take ten thousand steps. */
function longestCommon(ours: readonly string[], theirs: readonly string[]): number {
  let before = new Uint16Array(theirs.length + 1);
  for (const token of ours) {
    const row = new Uint16Array(theirs.length + 1);
    for (let index = 1; index <= theirs.length; index += 1)
      row[index] =
        token === theirs[index - 1] ? (before[index - 1] ?? 0) + 1 : Math.max(row[index - 1] ?? 0, before[index] ?? 0);
    before = row;
  }
  return before[theirs.length] ?? 0;
}
