import type { FinishReason, GenerateEvent, Usage } from "../engine";
import { MemwellError } from "../errors";
import type {
  ChatCompletion,
  CompletionFinishReason,
  CompletionTimings,
  CompletionUsage,
} from "./chat-completion-types";
import type { WaitNotice } from "./progress";

type DoneEvent = Extract<GenerateEvent, { type: "done" }>;

/** What all chunks of one answer share. */
export interface CompletionIdentity {
  /** `chatcmpl-...` */
  id: string;
  /** Seconds since 1970. */
  created: number;
  /** The id that was asked for. */
  model: string;
}

/** A new answer's identity. */
export function createCompletionIdentity(model: string): CompletionIdentity {
  return { id: `chatcmpl-${crypto.randomUUID().replaceAll("-", "")}`, created: Math.floor(Date.now() / 1000), model };
}

/**
 * Runs a generation to its end and returns the whole answer.
 *
 * @throws MemwellError what the generation failed with; `aborted` when it was stopped
 */
export async function collectChatCompletion(
  identity: CompletionIdentity,
  events: AsyncIterable<GenerateEvent | WaitNotice>,
): Promise<ChatCompletion> {
  let content = "";
  let thought = "";
  for await (const event of events) {
    if (event.type === "text") content += event.text;
    else if (event.type === "thought") thought += event.text;
    else if (event.type === "failed") throw MemwellError.fromRecord(event.error);
    else if (event.type === "done") return encodeCompletion(identity, content, thought, event);
  }
  throw new MemwellError("engine_protocol", "The model's answer ended without saying so: send the request again.");
}

function encodeCompletion(
  identity: CompletionIdentity,
  content: string,
  thought: string,
  done: DoneEvent,
): ChatCompletion {
  if (done.finishReason === "aborted")
    throw new MemwellError("aborted", "The answer was stopped: send the request again.");
  const message = {
    role: "assistant" as const,
    content,
    refusal: null,
    ...(thought !== "" && { reasoning_content: thought }),
  };
  return {
    id: identity.id,
    object: "chat.completion",
    created: identity.created,
    model: identity.model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: encodeFinishReason(done.finishReason) }],
    usage: encodeUsage(done.usage),
    memwell: encodeTimings(done),
  };
}

/** OpenAI knows no "aborted": the client that aborted is not there to read it. */
export function encodeFinishReason(reason: FinishReason): CompletionFinishReason {
  return reason === "length" ? "length" : "stop";
}

/** Token counts under OpenAI's names. */
export function encodeUsage(usage: Usage): CompletionUsage {
  return {
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    total_tokens: usage.promptTokens + usage.completionTokens,
    prompt_tokens_details: { cached_tokens: usage.reusedTokens },
    completion_tokens_details: { reasoning_tokens: usage.thoughtTokens },
  };
}

/** Times and speeds of one generation; prompt speed counts the tokens that were evaluated, not the reused ones. */
export function encodeTimings(done: DoneEvent): CompletionTimings {
  return {
    prefill_ms: done.prefillMs,
    decode_ms: done.decodeMs,
    prompt_tokens_per_second: perSecond(done.usage.promptTokens - done.usage.reusedTokens, done.prefillMs),
    tokens_per_second: perSecond(done.usage.completionTokens, done.decodeMs),
  };
}

function perSecond(tokens: number, milliseconds: number): number | null {
  if (tokens <= 0 || milliseconds <= 0) return null;
  return Math.round((tokens / milliseconds) * 100_000) / 100;
}
