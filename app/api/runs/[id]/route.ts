import type { RunPlaceBody } from "@/lib/wire";

import { visitorRoute } from "../../conversations/visitor-route";

export const dynamic = "force-dynamic";

/** Where the answer of a run stands. Somebody else's is as one that never was: 404, to the administrator as well. */
export const GET = visitorRoute(["id"], async ({ ids, chat, session }) => {
  const { id: run, conversation, assistantMessage: message } = await chat.read(session, ids.id);
  const body: RunPlaceBody = { run, conversation, message };
  return Response.json(body);
});

export {
  unknownRoute as POST,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
