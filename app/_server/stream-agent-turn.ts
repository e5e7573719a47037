import type { Runtime } from "@/lib/runtime";
import { AgentChunkEncoder, type CompletionIdentity } from "@/lib/wire";

import { beginningOf, encodeEvents } from "./event-stream";
import { streamResponse } from "./stream-response";

type TurnEvents = ReturnType<Runtime["startTurn"]>;
type TurnEvent = TurnEvents extends AsyncGenerator<infer Event, void, void> ? Event : never;

/**
 * A turn of the agent as OpenAI's stream. It begins with the turn's first event, which waits for no model; only a message
 * that the turn refuses is an error with its status. Something is sent every 15 s, whatever the turn is waiting for.
 *
 * @param abort stops the turn; aborted here when the client goes
 * @throws MemwellError what the message was refused with
 */
export async function streamAgentTurn(
  events: TurnEvents,
  identity: CompletionIdentity,
  includeUsage: boolean,
  abort: AbortController,
): Promise<Response> {
  const encoder = new AgentChunkEncoder(identity, { includeUsage });
  const begun = encoder.encode(await beginningOf(await events.next(), events));
  const encode = (event: TurnEvent): string => encoder.encode(event);
  // Even after a piece of text: what may still turn out to be a template's token is held back, and long runs of it are.
  const mayPause = (): boolean => true;
  return streamResponse(encodeEvents(begun, events.next(), events, { encode, mayPause }), abort);
}
