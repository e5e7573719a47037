/** The answers of `POST /v1/chat/completions`, as OpenAI's clients read them, with Memwell's additions. */

export interface CompletionUsage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  /** Prompt tokens that were already evaluated for an earlier request. */
  prompt_tokens_details: { cached_tokens: number };
  completion_tokens_details: { reasoning_tokens: number };
}

/** Times in milliseconds, speeds in tokens per second; a speed is null when there was nothing to measure. */
export interface CompletionTimings {
  prefill_ms: number;
  decode_ms: number;
  prompt_tokens_per_second: number | null;
  tokens_per_second: number | null;
}

export type CompletionFinishReason = "stop" | "length";

export interface ChatCompletion {
  id: string;
  object: "chat.completion";
  created: number;
  model: string;
  choices: [
    {
      index: 0;
      message: { role: "assistant"; content: string; refusal: null; reasoning_content?: string };
      logprobs: null;
      finish_reason: CompletionFinishReason;
    },
  ];
  usage: CompletionUsage;
  memwell: CompletionTimings;
}

export interface ChatCompletionChunk {
  id: string;
  object: "chat.completion.chunk";
  created: number;
  model: string;
  /** Empty in the chunk that carries the usage. */
  choices: {
    index: 0;
    delta: { role?: "assistant"; content?: string; reasoning_content?: string };
    logprobs: null;
    finish_reason: CompletionFinishReason | null;
  }[];
  usage?: CompletionUsage | null;
  /** In the chunk with the finish reason. */
  memwell?: CompletionTimings;
}
