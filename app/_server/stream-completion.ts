import { MemwellError, type RunEvent } from "@/lib/runtime";
import { ChunkEncoder, HEARTBEAT_FRAME, type CompletionIdentity } from "@/lib/wire";

import { streamResponse } from "./stream-response";

type RunEvents = AsyncGenerator<RunEvent, void, void>;

/** A wait as long as this begins the stream, so that the client sees what it waits for. */
const BEGIN_AFTER_MS = 1000;
/** Proxies end connections that are silent; the strictest common ones after half a minute. */
const HEARTBEAT_MS = 15_000;

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
  events: RunEvents,
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
      const event = await firstOf(result, events);
      begun += encoder.encode(event);
      next = events.next();
      waits = isWaiting(event);
    }
  } finally {
    timer.cancel();
  }
  return streamResponse(encodeEvents(begun, next, events, encoder), abort);
}

/** An event that the answer may begin with. */
async function firstOf(result: IteratorResult<RunEvent, void>, events: RunEvents): Promise<RunEvent> {
  if (result.done)
    throw new MemwellError("engine_protocol", "The model's answer ended before it began: send the request again.");
  if (result.value.type !== "failed") return result.value;
  await events.return();
  throw MemwellError.fromRecord(result.value.error);
}

/** What is sent: what was heard so far, the event that is read already, and the rest. */
async function* encodeEvents(
  begun: string,
  next: Promise<IteratorResult<RunEvent, void>>,
  events: RunEvents,
  encoder: ChunkEncoder,
): AsyncGenerator<string> {
  // Never nothing: the headers go out with the first bytes.
  yield begun === "" ? HEARTBEAT_FRAME : begun;
  for (;;) {
    const timer = startTimer(HEARTBEAT_MS);
    const result = await Promise.race([next, timer.over]);
    timer.cancel();
    if (result === "over") {
      yield HEARTBEAT_FRAME;
      continue;
    }
    if (result.done) return;
    yield encoder.encode(result.value);
    // From here on without timers: each would be time taken from the next token.
    if (!isWaiting(result.value)) break;
    next = events.next();
  }
  for await (const event of events) yield encoder.encode(event);
}

function isWaiting(event: RunEvent): boolean {
  return event.type === "queued" || event.type === "fetching" || event.type === "loading";
}

function startTimer(ms: number): { over: Promise<"over">; cancel: () => void } {
  let cancel = (): void => {};
  const over = new Promise<"over">((resolve) => {
    const timer = setTimeout(resolve, ms, "over" as const);
    cancel = () => clearTimeout(timer);
  });
  return { over, cancel };
}
