import type { SamplingSettings } from "../engine";
import { parseChatCompletionRequest } from "./chat-completions";
import { AGENT_ID } from "./models";
import { valueRefusal } from "./refusals";
import { text } from "./request-fields";

/** How the answer is to be written; what is absent was not asked for. */
export interface ChatSettings {
  sampling?: SamplingSettings;
  /** Tokens of the answer at most. */
  maxTokens?: number;
  /** Tokens of each kind of notes at most; none for 0. */
  maxThoughtTokens?: number;
  /** A system prompt of the visitor's own, said after the agent's. */
  instructions?: string;
  /** A domain's name, `auto`, or `none`. */
  domain?: string;
}

const COMPLETION_FIELDS = ["temperature", "top_p", "seed", "max_tokens", "max_thought_tokens", "domain"];

export const SETTING_FIELDS: readonly string[] = [...COMPLETION_FIELDS, "instructions"];

/** In characters (UTF-16 units): about 2,000 tokens, half of the context that a model is given by itself. */
const LONGEST_INSTRUCTIONS = 8_000;
const instructionsField = text(LONGEST_INSTRUCTIONS);

/**
 * Reads the settings among a body's fields as those of a chat completion, so that both take the same and refuse the same;
 * `instructions` is what a system message is there.
 *
 * @throws MemwellError `invalid_request` naming the field
 */
export function readSettings(given: Record<string, unknown>): ChatSettings {
  const parameters = Object.fromEntries(COMPLETION_FIELDS.map((name) => [name, given[name]]));
  const messages = [{ role: "user", content: "" }];
  const { generate, domain } = parseChatCompletionRequest({ model: AGENT_ID, messages, ...parameters });
  const { sampling, maxTokens, maxThoughtTokens } = generate;
  return {
    ...(sampling !== undefined && { sampling }),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(maxThoughtTokens !== undefined && { maxThoughtTokens }),
    ...(given.instructions !== undefined && { instructions: readInstructions(given.instructions) }),
    ...(domain !== undefined && { domain }),
  };
}

function readInstructions(given: unknown): string {
  const read = instructionsField.safeParse(given);
  if (read.success) return read.data;
  throw valueRefusal(["instructions"], given, read.error.issues[0]!.message);
}
