import { withSwitches, type PromptState } from "../prompts/state";
import { isMathematics } from "./mathematics";

/** Step 2 of a turn: what needs no model. General formatting always; LaTeX where the message is about mathematics. */
export function applyRules(state: PromptState, message: string): PromptState {
  const formatted = withSwitches(state, "GENERAL_FORMATTING");
  return isMathematics(message) ? withSwitches(formatted, "LATEX_FORMATTING") : formatted;
}
