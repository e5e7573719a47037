import { encodeConversationList, parseConversationQuery } from "@/lib/wire";

import { visitorRoute } from "./visitor-route";

export const dynamic = "force-dynamic";

/** A page of the visitor's conversations, newest first: `?search=TEXT&after=CURSOR&limit=N`. */
export const GET = visitorRoute([], async ({ parameters, chat, session }) =>
  Response.json(encodeConversationList(await chat.conversations.list(session, parseConversationQuery(parameters)))),
);

export {
  unknownRoute as POST,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
