import type { SamplingSettings } from "../engine";
import { parseChatCompletionRequest } from "./chat-completions";
import { AGENT_ID } from "./models";

/** How the answer is to be written; what is absent was not asked for. */
export interface ChatSettings {
  sampling?: SamplingSettings;
  /** Tokens of the answer at most. */
  maxTokens?: number;
  /** Tokens of each kind of notes at most; none for 0. */
  maxThoughtTokens?: number;
}

export const SETTING_FIELDS: readonly string[] = ["temperature", "top_p", "seed", "max_tokens", "max_thought_tokens"];

/**
 * Reads the settings among a body's fields as those of a chat completion, so that both take the same and refuse the same.
 *
 * @throws MemwellError `invalid_request` naming the field
 */
export function readSettings(given: Record<string, unknown>): ChatSettings {
  const parameters = Object.fromEntries(SETTING_FIELDS.map((name) => [name, given[name]]));
  const messages = [{ role: "user", content: "" }];
  const { generate } = parseChatCompletionRequest({ model: AGENT_ID, messages, ...parameters });
  const { sampling, maxTokens, maxThoughtTokens } = generate;
  return {
    ...(sampling !== undefined && { sampling }),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(maxThoughtTokens !== undefined && { maxThoughtTokens }),
  };
}
