import type { PromptForm, PromptLibrary } from "../prompts/contract";
import type { Turn } from "../message/contract";
import { reasoningPrefix, STATIC_MESSAGES } from "../prompts/reasoning-prefix";
import type { DecisionPrompts, DecisionQuestion } from "./contract";
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
 *
 * @param options.domains those that the turn is to choose one of; it is not asked to when there are none
 */
export function buildDecisionPrompts(
  library: PromptLibrary,
  form: PromptForm,
  turn: Turn,
  { domains = [] }: { domains?: readonly string[] | undefined } = {},
): DecisionPrompts {
  const questions = questionsOf(library, domains);
  const known = questions.flatMap((question) => knownDecision(question, turn) ?? []);
  const asked = questions.filter(({ id }) => known.every((decision) => decision.id !== id));
  const withHistory = asked.some(({ usesHistory }) => usesHistory);
  const shared = reasoningPrefix(library, form, turn, { withHistory });
  return {
    shared,
    staticMessages: STATIC_MESSAGES,
    withHistory,
    questions: asked.map((question) => ({
      id: question.id,
      messages: [...shared, { role: "assistant" as const, content: cueOf(question, form) }],
      answers: scoredTexts(Object.keys(question.answers)),
    })),
    known,
  };
}

/** What is asked of a turn: the library's questions, and which of these domains it is for. */
export function questionsOf(library: PromptLibrary, domains: readonly string[]): DecisionQuestion[] {
  return domains.length === 0 ? [...library.decisions] : [...library.decisions, library.domain(domains)];
}

function cueOf(question: DecisionQuestion, form: PromptForm): string {
  return question.definedInPlace === true ? `${question.id} (${question[form]}):` : `${question.id}:`;
}

/**
 * The space belongs to the answer: most vocabularies have it in the word's own token. A whole text is never likelier than
 * its beginning, so an answer that begins another one is scored with its end.
 */
function scoredTexts(answers: readonly string[]): string[] {
  return answers.map((answer) => {
    const beginsAnother = answers.some((other) => other !== answer && other.startsWith(answer));
    return beginsAnother ? ` ${answer}\n` : ` ${answer}`;
  });
}
