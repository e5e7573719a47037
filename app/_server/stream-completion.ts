import { MemwellError, type Runtime } from "@/lib/runtime";
import { ChunkEncoder, type CompletionIdentity } from "@/lib/wire";

import { streamResponse } from "./stream-response";

type GenerateEvents = ReturnType<Runtime["generate"]>;

/**
 * A generation as OpenAI's stream. The answer begins with the first event: a failure before the prompt was read is an
 * error with its status, whatever fails later is a frame of the stream. Reading a long prompt may take a minute, so the
 * headers do not wait for the first token.
 *
 * @param abort stops the generation; aborted here when the client goes
 * @throws MemwellError what the generation failed with before it began
 */
export async function streamCompletion(
  events: GenerateEvents,
  identity: CompletionIdentity,
  includeUsage: boolean,
  abort: AbortController,
): Promise<Response> {
  const first = await events.next();
  if (first.done)
    throw new MemwellError("engine_protocol", "The model's answer ended before it began: send the request again.");
  if (first.value.type === "failed") {
    await events.return();
    throw MemwellError.fromRecord(first.value.error);
  }
  const encoder = new ChunkEncoder(identity, { includeUsage });
  return streamResponse(encodeEvents(encoder.encode(first.value), events, encoder), abort);
}

async function* encodeEvents(start: string, events: GenerateEvents, encoder: ChunkEncoder): AsyncGenerator<string> {
  yield start;
  for await (const event of events) yield encoder.encode(event);
}
