import type { ChatMessage } from "../../engine";
import type { Turn } from "../message/contract";
import { transcriptOf } from "./transcript";
import type { PromptForm, PromptLibrary } from "./contract";

/** How many of `reasoningPrefix`'s messages are the same in all conversations. */
export const STATIC_MESSAGES = 1;

/**
 * What everything asked of the reasoning model in one turn begins with: the instructions, which define every question and
 * every kind of notes, and the conversation.
 */
export function reasoningPrefix(
  library: PromptLibrary,
  form: PromptForm,
  turn: Turn,
  options: { withHistory: boolean },
): ChatMessage[] {
  return [
    { role: "system", content: reasoningInstructions(library, form) },
    { role: "user", content: transcriptOf(library, form, turn, options) },
  ];
}

export function reasoningInstructions(library: PromptLibrary, form: PromptForm): string {
  const questions = library.decisions.map((question) => `${question.id}: ${question[form]}`);
  const notes = Object.values(library.thinking).flatMap((kind) =>
    kind === null ? [] : `${kind.id} notes: ${kind[form]}`,
  );
  const parts = [library.decisionPreamble[form], ...questions, ...notes, library.decisionExamples[form]];
  return parts.filter((part) => part !== "").join("\n");
}
