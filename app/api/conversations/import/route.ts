import { readJsonBody } from "@/app/_server/http";
import { encodeConversationEntry } from "@/lib/wire";

import { visitorRoute } from "../visitor-route";

export const dynamic = "force-dynamic";

const LIMIT_BYTES = 24 * 1024 * 1024;

/** A new conversation from an exported one. */
export const POST = visitorRoute([], async ({ request, chat, session }) => {
  const conversation = await chat.conversations.import(session, await readJsonBody(request, LIMIT_BYTES));
  return Response.json(encodeConversationEntry(conversation), { status: 201 });
});

export {
  unknownRoute as GET,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
