import { route } from "@/app/_server/http";
import { getRuntime } from "@/app/_server/runtime";
import { sessionOf, withSession } from "@/app/_server/session";
import { parseResumeQuery, readId } from "@/lib/wire";

export const dynamic = "force-dynamic";

/** Stops what is being written in a conversation, or with `?run=` one run of it; answers when it has ended. */
export const POST = route<{ params: Promise<{ id: string }> }>(async (request, { params }) => {
  const id = readId((await params).id, ["id"]);
  const { run } = parseResumeQuery(new URL(request.url).searchParams, null);
  const { chat, config } = await getRuntime();
  const session = sessionOf(request, config.dataDir);
  const stopped = await chat.stop(session.id, id, run);
  const headers = { "cache-control": "no-store" };
  return withSession(Response.json({ stopped: stopped.map((each) => each.id) }, { headers }), session, {
    isReading: true,
  });
});

export {
  unknownRoute as GET,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
