import { goesOn } from "../message/goes-on";
import { isGreeting } from "../message/greeting";
import { isAnswerToPractice, namesItselfAnswer } from "../message/practice-answer";
import { parsePracticeQuestion } from "../message/practice-question";
import type { Turn } from "../message/contract";
import type { DecisionPolicy, KnownAnswer } from "./contract";
import { knownFromMessage } from "./known";

/** The answer that chooses no domain: the response model answers as it is. */
export const GENERAL = "general";

/**
 * Which of these domains is the message for? Asked only where a turn is to choose one.
 *
 * @param domains their names, none of them `general`
 */
export function domainPolicy(domains: readonly string[]): DecisionPolicy {
  return {
    id: "domain",
    answers: Object.fromEntries([...domains, GENERAL].map((name) => [name, []])),
    usesHistory: true,
    known: (turn) => knownFromBefore(turn, domains) ?? knownFromMessage(turn, GENERAL),
    rule: () => GENERAL,
    threshold: { share: 0.45, lead: 0.15 },
  };
}

/** The domain that a turn's decisions have chosen; null for none. */
export function chosenDomain(decisions: readonly { id: string; answer: string }[]): string | null {
  const answer = decisions.find(({ id }) => id === "domain")?.answer ?? GENERAL;
  return answer === GENERAL ? null : answer;
}

/** A conversation stays where it is while nothing new is named. */
function knownFromBefore({ message, history }: Turn, domains: readonly string[]): KnownAnswer | null {
  const last = history.at(-1);
  if (last?.domain === undefined || isGreeting(message)) return null;
  const answer = last.domain ?? GENERAL;
  if (answer !== GENERAL && !domains.includes(answer)) return null;
  if (answersPractice(message, last.answer)) return { answer, reason: "the message answers the practice question" };
  return goesOn(message) ? { answer, reason: "the message goes on with what was before it" } : null;
}

function answersPractice(message: string, before: string): boolean {
  if (namesItselfAnswer(message)) return parsePracticeQuestion(before) !== null;
  return isAnswerToPractice(message, before);
}
