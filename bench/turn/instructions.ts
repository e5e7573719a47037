import { applyRules, buildResponsePrompt, initialState, libraryNamed, type PromptForm } from "../../lib/agent";
import { raise } from "../support/measure";

export const LIBRARY = libraryNamed("tutor");

/** What the response model is told before the conversation. */
export async function instructionsOf(form: PromptForm): Promise<string> {
  const parts = {
    state: applyRules(initialState(), ""),
    turn: { message: "", history: [] },
    toolResults: [],
    thinking: [],
  };
  const { messages } = await buildResponsePrompt(LIBRARY, form, parts, {
    contextSize: Infinity,
    countTokens: async () => 0,
  });
  return messages[0]?.content ?? raise("no instructions");
}
