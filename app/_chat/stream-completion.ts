import { createParser } from "eventsource-parser";

import type {
  ChatCompletionChunk,
  CompletionFinishReason,
  CompletionTimings,
  CompletionUsage,
  PrefillProgress,
} from "@/lib/wire";

import { parseProgressComment, parseWaitComment, type Wait } from "./progress";
import type { ApiMessage, ChatError } from "./turn";

/** Why an answer did not come, or not to its end. */
export class ChatFailure extends Error {
  constructor(readonly detail: ChatError) {
    super(detail.message);
  }
}

/** What is told at the end, each perhaps in a chunk of its own. */
export interface CompletionEnd {
  usage: CompletionUsage | null;
  timings: CompletionTimings | null;
  finishReason: CompletionFinishReason | null;
}

export interface CompletionListener {
  /** The model is not ready yet: the answer's place in the queue, or how far the load is. */
  onWait: (wait: Wait) => void;
  onProgress: (progress: PrefillProgress) => void;
  /** A model is loaded and reads; the agent's models do so several times in one answer. */
  onStart: () => void;
  onThought: (text: string) => void;
  onText: (text: string) => void;
  /** Token counts, timings or the reason of the end. */
  onEnd: (end: CompletionEnd) => void;
}

/**
 * Streams one answer from `POST /v1/chat/completions`; returns when it is complete.
 *
 * @throws ChatFailure with the server's own error, or one of `unreachable`, `interrupted`, `unreadable`
 * @throws the abort's DOMException when the signal is aborted
 */
export async function streamCompletion(
  call: { model: string; messages: ApiMessage[]; temperature?: number; max_tokens?: number },
  listener: CompletionListener,
  signal: AbortSignal,
): Promise<void> {
  const body = JSON.stringify({ ...call, stream: true, stream_options: { include_usage: true } });
  const headers = { "content-type": "application/json" };
  const response = await fetch("/v1/chat/completions", { method: "POST", headers, body, signal }).catch(
    (thrown: unknown) => {
      throw signal.aborted
        ? thrown
        : new ChatFailure({
            code: "unreachable",
            message: "The server cannot be reached: check that Memwell runs, then try again.",
          });
    },
  );
  if (!response.ok || response.body === null) throw new ChatFailure(await readError(response));

  let complete = false;
  const parser = createParser({
    onComment: (comment) => {
      const progress = parseProgressComment(comment);
      if (progress !== null) listener.onProgress(progress);
      const wait = parseWaitComment(comment);
      if (wait !== null) listener.onWait(wait);
    },
    onEvent: ({ data }) => {
      if (data === "[DONE]") complete = true;
      else hear(JSON.parse(data) as ChatCompletionChunk | { error: ChatError }, listener);
    },
  });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const next = await reader.read().catch((thrown: unknown) => {
      throw signal.aborted ? thrown : interrupted();
    });
    if (next.done) break;
    parser.feed(next.value);
  }
  if (!complete) throw interrupted();
}

function hear(chunk: ChatCompletionChunk | { error: ChatError }, listener: CompletionListener): void {
  if ("error" in chunk) throw new ChatFailure({ code: chunk.error.code, message: chunk.error.message });
  const choice = chunk.choices[0];
  if (begins(chunk)) listener.onStart();
  if (choice?.delta.reasoning_content) listener.onThought(choice.delta.reasoning_content);
  if (choice?.delta.content) listener.onText(choice.delta.content);
  const { memwell, usage = null } = chunk;
  const finishReason = choice?.finish_reason ?? null;
  const timings = memwell !== undefined && "prefill_ms" in memwell ? memwell : null;
  if (finishReason !== null || usage !== null) listener.onEnd({ usage, timings, finishReason });
}

/** A model's own stream begins once it reads. The agent's begins before it has one, and says with which steps they work. */
function begins({ choices, memwell }: ChatCompletionChunk): boolean {
  if (memwell === undefined || !("event" in memwell)) return choices[0]?.delta.role !== undefined;
  const { event } = memwell;
  return event.type === "step-start" && event.role !== null && event.name !== "slot";
}

async function readError(response: Response): Promise<ChatError> {
  try {
    const { error } = (await response.json()) as { error: ChatError };
    return { code: error.code, message: error.message };
  } catch {
    return {
      code: "unreadable",
      message: `The server answered with status ${response.status} and no explanation: try again.`,
    };
  }
}

function interrupted(): ChatFailure {
  return new ChatFailure({
    code: "interrupted",
    message: "The connection ended before the answer was complete: try again.",
  });
}
