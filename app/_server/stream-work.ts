import { MemwellError, type WorkEvent } from "@/lib/runtime";
import { encodeWork } from "@/lib/wire";

import { beginningOf, encodeEvents } from "./event-stream";
import { streamResponse } from "./stream-response";

/**
 * Long work as an answer: server-sent events for who accepts them, from how far it is to its end; its end alone as JSON for
 * who does not. It goes on whether or not somebody reads.
 *
 * @throws MemwellError why it did not begin, as long as nothing was sent
 */
export async function answerWork<Progress extends object, Done extends object>(
  request: Request,
  events: AsyncGenerator<WorkEvent<Progress, Done>, void, void>,
): Promise<Response> {
  if (request.headers.get("accept")?.includes("text/event-stream") !== true) return endOf(events);
  const begun = encodeWork(await beginningOf(await events.next(), events));
  const encoded = encodeEvents(begun, events.next(), events, { encode: encodeWork, mayPause: () => true });
  return streamResponse(encoded, new AbortController());
}

async function endOf(events: AsyncGenerator<WorkEvent<object, object>, void, void>): Promise<Response> {
  for await (const event of events) {
    if ("error" in event) throw MemwellError.fromRecord(event.error);
    if (event.type !== "done") continue;
    const { type: _, ...done } = event;
    return Response.json(done, { headers: { "cache-control": "no-store" } });
  }
  throw new MemwellError("internal", "The work ended without a result. Please report this bug.");
}
