import { readJsonBody, route } from "@/app/_server/http";
import { getRuntime } from "@/app/_server/runtime";
import { sessionOf, withSession } from "@/app/_server/session";
import { streamRun } from "@/app/_server/stream-run";
import { parseChatCall } from "@/lib/wire";

export const dynamic = "force-dynamic";

/** The next turn of a visitor's conversation, as the AI SDK's UI message stream. */
export const POST = route(async (request) => {
  const runtime = await getRuntime();
  const session = sessionOf(request, runtime.config.dataDir);
  const call = parseChatCall(await readJsonBody(request));
  const run = await runtime.chat.begin(session.id, call);
  return withSession(streamRun(runtime.chat, session.id, run), session);
});

export {
  unknownRoute as GET,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
