import { encodeConversationEntry } from "@/lib/wire";

import { visitorRoute } from "../../visitor-route";

export const dynamic = "force-dynamic";

/** Brings a conversation back that was deleted in the last week. */
export const POST = visitorRoute(["id"], async ({ ids, chat, session }) =>
  Response.json(encodeConversationEntry(await chat.conversations.restore(session, ids.id))),
);

export {
  unknownRoute as GET,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
