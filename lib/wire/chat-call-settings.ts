import type { SamplingSettings } from "../engine";
import { parseChatCompletionRequest } from "./chat-completions";
import { AGENT_ID } from "./models";
import { valueRefusal } from "./refusals";
import { wholeNumberBetween } from "./request-fields";

/** How the answer is to be written; what is absent was not asked for. */
export interface ChatSettings {
  sampling?: SamplingSettings;
  /** Tokens of the answer at most. */
  maxTokens?: number;
  /** Tokens of each kind of notes at most; none for 0. */
  maxThoughtTokens?: number;
}

const OF_COMPLETIONS = ["temperature", "top_p", "seed", "max_tokens"];
const maxThoughtTokens = wholeNumberBetween(0, 10_000_000).optional();

export const SETTING_FIELDS: readonly string[] = [...OF_COMPLETIONS, "max_thought_tokens"];

/**
 * Reads the settings among a body's fields. Those that a chat completion has too are read as one, so that both take the
 * same and refuse the same.
 *
 * @throws MemwellError `invalid_request` naming the field
 */
export function readSettings(given: Record<string, unknown>): ChatSettings {
  const parameters = Object.fromEntries(OF_COMPLETIONS.map((name) => [name, given[name]]));
  const messages = [{ role: "user", content: "" }];
  const { sampling, maxTokens } = parseChatCompletionRequest({ model: AGENT_ID, messages, ...parameters }).generate;
  const thought = maxThoughtTokens.safeParse(given.max_thought_tokens);
  if (!thought.success)
    throw valueRefusal(["max_thought_tokens"], given.max_thought_tokens, thought.error.issues[0]!.message);
  return {
    ...(sampling !== undefined && { sampling }),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(thought.data !== undefined && { maxThoughtTokens: thought.data }),
  };
}
