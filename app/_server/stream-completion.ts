import type { RunEvent } from "@/lib/runtime";
import { ChunkEncoder, type CompletionIdentity } from "@/lib/wire";

import { beginningOf, encodeEvents, startTimer } from "./event-stream";
import { streamResponse } from "./stream-response";

/** A wait as long as this begins the stream, so that the client sees what it waits for. */
const BEGIN_AFTER_MS = 1000;

/**
 * A generation as OpenAI's stream. The answer begins with the generation's first event, or after a second of waiting for
 * its model: a failure before that is an error with its status, whatever fails later is a frame of the stream. While a
 * stream waits, something is sent every 15 s. Reading a long prompt may take a minute, so the headers do not wait for the
 * first token.
 *
 * @param abort stops the generation; aborted here when the client goes
 * @throws MemwellError what the generation failed with before it began
 */
export async function streamCompletion(
  events: AsyncGenerator<RunEvent, void, void>,
  identity: CompletionIdentity,
  includeUsage: boolean,
  abort: AbortController,
): Promise<Response> {
  const encoder = new ChunkEncoder(identity, { includeUsage });
  let begun = "";
  let next = events.next();
  const timer = startTimer(BEGIN_AFTER_MS);
  try {
    for (let waits = true; waits;) {
      const result = await Promise.race([next, timer.over]);
      if (result === "over") break;
      const event = await beginningOf(result, events);
      begun += encoder.encode(event);
      next = events.next();
      waits = isWaiting(event);
    }
  } finally {
    timer.cancel();
  }
  const encode = (event: RunEvent): string => encoder.encode(event);
  return streamResponse(encodeEvents(begun, next, events, { encode, mayPause: isWaiting }), abort);
}

function isWaiting(event: RunEvent): boolean {
  return event.type === "queued" || event.type === "fetching" || event.type === "loading";
}
