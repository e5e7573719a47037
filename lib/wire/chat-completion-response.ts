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
    else if (event.type === "done") {
      const { finishReason } = event;
      const [usage, memwell] = [encodeUsage(event.usage), encodeTimings(event)];
      return encodeCompletion(identity, { content, thought, finishReason, usage, memwell });
    }
  }
  throw endlessAnswer();
}

/** A source of events that stopped without a final one. */
export function endlessAnswer(): MemwellError {
  return new MemwellError("engine_protocol", "The model's answer ended without saying so: send the request again.");
}

/** A whole answer, of a model or of the agent. */
export interface CompletionParts {
  content: string;
  /** Empty: there was none. */
  thought: string;
  finishReason: FinishReason;
  usage: CompletionUsage;
  memwell: ChatCompletion["memwell"];
}

/** @throws MemwellError `aborted` when it was stopped: whoever stopped it is not there to read the half of it */
export function encodeCompletion(
  { id, created, model }: CompletionIdentity,
  { content, thought, finishReason, usage, memwell }: CompletionParts,
): ChatCompletion {
  if (finishReason === "aborted") throw new MemwellError("aborted", "The answer was stopped: send the request again.");
  const message = {
    role: "assistant" as const,
    content,
    refusal: null,
    ...(thought !== "" && { reasoning_content: thought }),
  };
  return {
    id,
    object: "chat.completion",
    created,
    model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: encodeFinishReason(finishReason) }],
    usage,
    memwell,
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

/** Times and speeds of one generation. */
export function encodeTimings({ usage, prefillMs, decodeMs }: DoneEvent): CompletionTimings {
  const prefilled = usage.promptTokens - usage.reusedTokens;
  return timingsOf({ prefilled, generated: usage.completionTokens, prefill_ms: prefillMs, decode_ms: decodeMs });
}

/** Times as they are, and speeds from them. `prefilled`: tokens that were evaluated, without those reused. */
export function timingsOf(spent: {
  prefilled: number;
  generated: number;
  prefill_ms: number;
  decode_ms: number;
}): CompletionTimings {
  const { prefilled, generated, prefill_ms, decode_ms } = spent;
  return {
    prefill_ms,
    decode_ms,
    prompt_tokens_per_second: perSecond(prefilled, prefill_ms),
    tokens_per_second: perSecond(generated, decode_ms),
  };
}

function perSecond(tokens: number, milliseconds: number): number | null {
  if (tokens <= 0 || milliseconds <= 0) return null;
  return Math.round((tokens / milliseconds) * 100_000) / 100;
}
