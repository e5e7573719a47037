import type { ChatRuns, FollowedEvent } from "@/lib/runtime";
import { errorRecordOf, UiStreamEncoder } from "@/lib/wire";

import { encodeEvents } from "./event-stream";
import { streamResponse } from "./stream-response";

type Run = Awaited<ReturnType<ChatRuns["begin"]>>;

/**
 * A run as the AI SDK's UI message stream, from its beginning to its end, or from behind the event number `after`. The run
 * goes on whether or not somebody reads.
 */
export function streamRun(chat: ChatRuns, session: string, run: Run, after?: number): Response {
  const leave = new AbortController();
  const encoder = new UiStreamEncoder({ ...run, run: run.id });
  const begun = after === undefined ? encoder.begin() : "";
  const events = follow(chat, session, run, leave.signal);
  const encode = (heard: FollowedEvent): string => {
    if (heard.type === "end") return encoder.end(heard.run);
    // What the reader has seen is encoded all the same: what comes after it depends on it.
    const frames = encoder.encode(heard.sequence, heard.event);
    return heard.sequence > (after ?? 0) ? frames : "";
  };
  const response = streamResponse(encodeEvents(begun, events.next(), events, { encode, mayPause: () => true }), leave);
  response.headers.set("x-vercel-ai-ui-message-stream", "v1");
  return response;
}

/** What keeps it from being read is its end, too: the answer's status is sent by then. */
async function* follow(
  chat: ChatRuns,
  session: string,
  run: Run,
  signal: AbortSignal,
): AsyncGenerator<FollowedEvent, void, void> {
  try {
    yield* chat.follow(session, run.id, { signal });
  } catch (thrown) {
    yield { type: "end", run: { ...run, outcome: "failed", error: errorRecordOf(thrown) } };
  }
}
