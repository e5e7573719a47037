import type { ChatMessage } from "../../engine";
import type { Decision } from "../decisions/contract";
import { isGreeting } from "../message/greeting";
import type { Turn } from "../message/contract";
import type { PromptForm, PromptLibrary, ThinkingKind, ThinkingTemplate, ToolText } from "./contract";
import { reasoningPrefix, STATIC_MESSAGES } from "./reasoning-prefix";
import { withSwitches, type PromptState } from "./state";

export interface ThinkingPrompt {
  kind: ThinkingKind;
  messages: ChatMessage[];
  staticMessages: number;
  maxThoughtTokens: number;
}

/** The state with the thinking switches that its other switches ask for. A greeting asks for none. */
export function chooseThinking(library: PromptLibrary, state: PromptState, turn: Turn): PromptState {
  if (isGreeting(turn.message)) return state;
  const wanted = templatesOf(library).filter(({ on }) => on.some((name) => state[name]));
  return withSwitches(state, ...wanted.map(({ thinkingSwitch }) => thinkingSwitch));
}

/**
 * A prompt for each kind of notes that is switched on (see `chooseThinking`), all with the same beginning, which is also
 * that of the turn's decisions: what the model has evaluated to decide is not evaluated again to think. After it come the
 * decisions as the model's own answer, then tool results, and last the few tokens that ask for one kind of notes.
 *
 * @param decisions Those of this turn; `withHistory` as `buildDecisionPrompts` returned it.
 */
export function buildThinkingPrompts(
  library: PromptLibrary,
  form: PromptForm,
  given: {
    state: PromptState;
    turn: Turn;
    decisions: readonly Decision[];
    withHistory: boolean;
    toolResults: readonly ToolText[];
  },
): ThinkingPrompt[] {
  const { state, turn, decisions, withHistory, toolResults } = given;
  const shared = reasoningPrefix(library, form, turn, { withHistory });
  shared.push({ role: "assistant", content: decidedText(decisions) });
  const results = toolResults.map(({ text }) => `${library.labels.result}: ${text}\n`).join("");
  return templatesOf(library)
    .filter(({ thinkingSwitch }) => state[thinkingSwitch])
    .map((template) => ({
      kind: template.id,
      messages: [...shared, { role: "user" as const, content: `${results}${template.cue[form]}` }],
      staticMessages: STATIC_MESSAGES,
      maxThoughtTokens: template.maxThoughtTokens[form],
    }));
}

/** Only what somebody decided for: five lines that say no are tokens for nothing. */
function decidedText(decisions: readonly Decision[]): string {
  const wanted = decisions.filter(({ switches }) => switches.length > 0);
  // Most templates want somebody to have answered before the user speaks again.
  return wanted.map(({ id, answer }) => `${id}: ${answer}`).join("\n") || "ready";
}

function templatesOf(library: PromptLibrary): ThinkingTemplate[] {
  return Object.values(library.thinking).filter((template) => template !== null);
}
