import type { PromptForm, PromptLibrary } from "../prompts/contract";
import type { Turn } from "../message/contract";
import { reasoningPrefix, STATIC_MESSAGES } from "../prompts/reasoning-prefix";
import type { DecisionPrompts } from "./contract";
import { knownDecision } from "./read-decision";

/**
 * The turn's questions as prompts to score, in the order that costs least:
 *
 * 1. The system message defines every question and never changes: its state is read from disk.
 * 2. One user message is the conversation. It only grows, and it is evaluated once for all questions and for the thinking
 *    after them. Were it a chat of its own, a small model would go on as the tutor instead of labelling it.
 * 3. A question is the beginning of the model's own answer, `chart:`, and what is scored follows: ` yes`.
 *
 * The third is what makes a question cheap. Asked in the user's message, each question would be followed by the template's
 * end of that message, the header of the answer, and an empty thought: some ten tokens a question, and for all of them
 * again. As the beginning of the answer it comes after them, and costs its own two or three. It is a word and not a number
 * because it costs the same and a small model need not look it up.
 *
 * Each question stands alone: an answer that the model had to read before the next question would cost a wait, and a
 * wrong one would lead to more.
 */
export function buildDecisionPrompts(library: PromptLibrary, form: PromptForm, turn: Turn): DecisionPrompts {
  const known = library.decisions.flatMap((question) => knownDecision(question, turn) ?? []);
  const asked = library.decisions.filter(({ id }) => known.every((decision) => decision.id !== id));
  const withHistory = asked.some(({ usesHistory }) => usesHistory);
  const shared = reasoningPrefix(library, form, turn, { withHistory });
  return {
    shared,
    staticMessages: STATIC_MESSAGES,
    withHistory,
    questions: asked.map(({ id, answers }) => ({
      id,
      messages: [...shared, { role: "assistant" as const, content: `${id}:` }],
      // The space belongs to the answer: most vocabularies have it in the word's own token.
      answers: Object.keys(answers).map((answer) => ` ${answer}`),
    })),
    known,
  };
}
