import type { HistoryTurn } from "../../agent";
import type { StoredMessage } from "../../store";
import { storedDomain } from "./domain";

const LONGEST_TITLE = 80;

/**
 * A branch of a conversation as the agent takes it. A question that got no answer is no part of it; one whose answer was
 * cut off is, with what was said.
 *
 * @param path from the first message on
 */
export function historyOf(path: readonly StoredMessage[]): HistoryTurn[] {
  const turns: HistoryTurn[] = [];
  let question: string | null = null;
  for (const { role, text, extra } of path) {
    if (role === "user") question = text;
    if (role !== "assistant") continue;
    if (question !== null && text !== "") turns.push(turnOf(question, text, extra));
    question = null;
  }
  return turns;
}

function turnOf(message: string, answer: string, extra: unknown): HistoryTurn {
  return { message, answer, sent: sentOf(extra), domain: storedDomain(extra) ?? null };
}

/** An imported conversation may have kept anything with its answers. */
function sentOf(extra: unknown): string | undefined {
  if (typeof extra !== "object" || extra === null || !("sent" in extra)) return undefined;
  return typeof extra.sent === "string" ? extra.sent : undefined;
}

/** What a conversation is called before somebody names it: the beginning of its first message, cut between words. */
export function titleOf(message: string): string {
  const line = message.split("\n").find((part) => part.trim() !== "") ?? "";
  const words = line.replace(/\s+/g, " ").trim();
  if (words.length <= LONGEST_TITLE) return words;
  const cut = words.slice(0, LONGEST_TITLE - 1).replace(/[\uD800-\uDBFF]$/, "");
  const end = cut.lastIndexOf(" ");
  return `${end > LONGEST_TITLE / 2 ? cut.slice(0, end) : cut}…`;
}
