import type { CleaningEvent } from "@/lib/runtime";
import { encodeCleaning } from "@/lib/wire";

import { beginningOf, encodeEvents } from "./event-stream";
import { streamResponse } from "./stream-response";

/**
 * A cleaning as server-sent events, from how far it is to what was removed. It goes on whether or not somebody reads.
 *
 * @throws MemwellError why nothing is removed, as long as nothing was sent
 */
export async function streamCleaning(events: AsyncGenerator<CleaningEvent, void, void>): Promise<Response> {
  const begun = encodeCleaning(await beginningOf(await events.next(), events));
  const encoded = encodeEvents(begun, events.next(), events, { encode: encodeCleaning, mayPause: () => true });
  return streamResponse(encoded, new AbortController());
}
