import { route } from "@/app/_server/http";
import { getRuntime } from "@/app/_server/runtime";
import { sessionOf, withSession } from "@/app/_server/session";
import { streamRun } from "@/app/_server/stream-run";
import { errorRecordOf, parseResumeQuery, readId } from "@/lib/wire";

export const dynamic = "force-dynamic";

/**
 * The answer that is being written in a conversation, again from its beginning. With `?run=` that of one run, which may have
 * ended; then also from behind the event `?after=` (or `Last-Event-ID`). 204 when there is none, as the AI SDK asks.
 */
export const GET = route<{ params: Promise<{ id: string }> }>(async (request, { params }) => {
  const id = readId((await params).id, ["id"]);
  const { run: asked, after } = parseResumeQuery(
    new URL(request.url).searchParams,
    request.headers.get("last-event-id"),
  );
  const { chat, config } = await getRuntime();
  const session = sessionOf(request, config.dataDir);
  const run = await (asked === undefined ? chat.running(session.id, id) : chat.read(session.id, asked)).catch(nothing);
  const response =
    run === null || run.conversation !== id
      ? new Response(null, { status: 204, headers: { "cache-control": "no-store" } })
      : // A number counts in the run it was told in.
        streamRun(chat, session.id, run, asked === undefined ? undefined : after);
  return withSession(response, session, { isReading: true });
});

/** A conversation that is not there has nothing to resume: a page asks for it before its first message. */
function nothing(thrown: unknown): null {
  if (errorRecordOf(thrown).code === "not_found") return null;
  throw thrown;
}

// Next would answer HEAD with all of a stream that nobody reads.
export {
  unknownRoute as HEAD,
  unknownRoute as POST,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
