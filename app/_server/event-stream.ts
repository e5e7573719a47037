import { MemwellError } from "@/lib/runtime";
import { HEARTBEAT_FRAME } from "@/lib/wire";

/** Proxies end connections that are silent; the strictest common ones after half a minute. */
const HEARTBEAT_MS = 15_000;

type Failure = Parameters<typeof MemwellError.fromRecord>[0];

/**
 * An event that a streamed answer may begin with: a failure is an error answer with its status as long as nothing was
 * sent.
 *
 * @throws MemwellError what the event says it failed with, or that there was none
 */
export async function beginningOf<Event extends { type: string }>(
  result: IteratorResult<Event, void>,
  events: AsyncGenerator<Event, void, void>,
): Promise<Event> {
  if (result.done)
    throw new MemwellError("engine_protocol", "The model's answer ended before it began: send the request again.");
  if (!isFailure(result.value)) return result.value;
  await events.return();
  throw MemwellError.fromRecord(result.value.error);
}

/**
 * What is sent: what was heard so far, the event that is read already, and the rest; and while it is waited for the next
 * one, a comment every 15 s.
 *
 * @param answer.encode an event as frames, perhaps none
 * @param answer.mayPause whether long may pass after an event. After others there is no timer: with one for each token,
 *   each would be time taken from the next.
 */
export async function* encodeEvents<Event>(
  begun: string,
  pending: Promise<IteratorResult<Event, void>>,
  events: AsyncGenerator<Event, void, void>,
  answer: { encode: (event: Event) => string; mayPause: (event: Event) => boolean },
): AsyncGenerator<string> {
  let next = pending;
  let mayPause = true;
  try {
    // Never nothing: the headers go out with the first bytes.
    yield begun === "" ? HEARTBEAT_FRAME : begun;
    for (;;) {
      const result = mayPause ? yield* withHeartbeats(next) : await next;
      if (result.done) return;
      yield answer.encode(result.value);
      mayPause = answer.mayPause(result.value);
      next = events.next();
    }
  } finally {
    // Not awaited: whoever stopped reading does not wait for what the events wait for.
    void events.return();
  }
}

async function* withHeartbeats<Result>(next: Promise<Result>): AsyncGenerator<string, Result, void> {
  for (;;) {
    const timer = startTimer(HEARTBEAT_MS);
    const result = await Promise.race([next, timer.over]);
    timer.cancel();
    if (result !== "over") return result;
    yield HEARTBEAT_FRAME;
  }
}

/** A timer that can be raced against an event, and given up. */
export function startTimer(ms: number): { over: Promise<"over">; cancel: () => void } {
  let cancel = (): void => {};
  const over = new Promise<"over">((resolve) => {
    const timer = setTimeout(resolve, ms, "over" as const);
    cancel = () => clearTimeout(timer);
  });
  return { over, cancel };
}

function isFailure(event: { type: string }): event is { type: "failed"; error: Failure } {
  return event.type === "failed";
}
