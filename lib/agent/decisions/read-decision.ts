import { MemwellError } from "../../errors";
import type { Turn } from "../message/contract";
import { withSwitches, type PromptState } from "../prompts/state";
import type { Decision, DecisionQuestion } from "./contract";

/** What is decided without asking; null when the model has to be asked. */
export function knownDecision(question: DecisionQuestion, turn: Turn): Decision | null {
  const known = question.known(turn);
  return known === null ? null : decided(question, known.answer, { probability: null, reason: known.reason });
}

/** What the rule decides when nobody could be asked. */
export function decideByRule(question: DecisionQuestion, turn: Turn, reason: string): Decision {
  return decided(question, question.rule(turn), { probability: null, reason });
}

/**
 * The model's decision, or the rule's where the model is unsure by its own figures.
 *
 * @param scored A share for each answer; they add up to 1, and the answers may begin with a space.
 * @throws MemwellError `internal` for answers that are not the question's.
 */
export function readDecision(
  question: DecisionQuestion,
  scored: readonly { answer: string; share: number }[],
  turn: Turn,
): Decision {
  const [best, next] = [...scored].sort((left, right) => right.share - left.share);
  const answer = best?.answer.trim() ?? "";
  if (best === undefined || !Object.hasOwn(question.answers, answer))
    throw new MemwellError(
      "internal",
      `The question "${question.id}" has no answer "${answer}" (this is a bug in Memwell: please report it)`,
      { question: question.id, answers: scored.map((one) => one.answer) },
    );
  const reason = doubt(best.share, best.share - (next?.share ?? 0), question.threshold);
  if (reason === null) return decided(question, answer, { probability: best.share, reason: null });
  return decided(question, question.rule(turn), { probability: best.share, reason });
}

/** The state with the switches of these decisions. */
export function applyDecisions(state: PromptState, decisions: readonly Pick<Decision, "switches">[]): PromptState {
  return withSwitches(state, ...decisions.flatMap(({ switches }) => switches));
}

/** Why the model's figures are not enough; null when they are. A share that is no number never is. */
function doubt(share: number, lead: number, threshold: DecisionQuestion["threshold"]): string | null {
  if (!(share >= threshold.share))
    return `the model's best answer has ${percent(share)}, below ${percent(threshold.share)}`;
  if (!(lead >= threshold.lead))
    return `the model's best answer leads by ${percent(lead)}, below ${percent(threshold.lead)}`;
  return null;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function decided(
  question: DecisionQuestion,
  answer: string,
  { probability, reason }: Pick<Decision, "probability" | "reason">,
): Decision {
  const switches = question.answers[answer] ?? [];
  return { id: question.id, answer, probability, source: reason === null ? "model" : "rule", reason, switches };
}
