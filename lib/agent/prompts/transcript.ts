import type { Turn } from "../message/contract";
import { estimateTokens, TRANSCRIPT_BUDGETS } from "./budgets";
import { clipMiddle } from "./clip";
import type { PromptForm, PromptLibrary } from "./contract";

/** Turns of history that the reasoning model sees where they are not too long. */
const TURNS = 2;

/**
 * A conversation as the reasoning model reads it: one text that the next turn only makes longer, so that a model that has
 * evaluated it goes on from there. A message is cut the same way when it is new and when it is history.
 *
 * A window of the last two turns would move with every turn, and everything in it would be evaluated again. So history
 * grows until it is over its budget, and only then begins anew with the last two turns (with fewer if these alone are over
 * it).
 */
export function transcriptOf(
  library: PromptLibrary,
  form: PromptForm,
  turn: Turn,
  { withHistory }: { withHistory: boolean },
): string {
  const { user, assistant } = library.labels;
  const show = (text: string, part: "message" | "answer") => clipMiddle(text.trim(), TRANSCRIPT_BUDGETS[part][form]);
  const history = (withHistory ? turn.history : []).map(
    ({ message, answer }) => `${user}: ${show(message, "message")}\n${assistant}: ${show(answer, "answer")}\n`,
  );
  const seen = history.slice(firstSeen(history, TRANSCRIPT_BUDGETS.history[form]));
  return `${seen.join("")}${user}: ${show(turn.message, "message")}`;
}

/** Found by going through the conversation as it came about, so that a later turn changes nothing about earlier cuts. */
function firstSeen(history: readonly string[], budget: number): number {
  const tokens = history.map(estimateTokens);
  const within = (first: number, last: number) =>
    tokens.slice(first, last + 1).reduce((sum, count) => sum + count, 0) <= budget;
  let first = 0;
  for (const last of history.keys()) {
    if (!within(first, last)) first = Math.max(first + 1, last + 1 - TURNS);
    while (first <= last && !within(first, last)) first += 1;
  }
  return first;
}
