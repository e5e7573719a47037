import { readJsonBody } from "@/app/_server/http";
import { encodeFeedback, parseFeedback } from "@/lib/wire";

import { visitorRoute } from "../../../../visitor-route";

export const dynamic = "force-dynamic";

const LIMIT_BYTES = 64 * 1024;

/** What the visitor thinks of a message, in place of what was said of it before. */
export const PUT = visitorRoute(["id", "message"], async ({ request, ids: { id, message }, chat, session }) => {
  const call = parseFeedback(await readJsonBody(request, LIMIT_BYTES));
  return Response.json(encodeFeedback(await chat.feedback.set(session, id, message, call)));
});

/** Takes it back. */
export const DELETE = visitorRoute(["id", "message"], async ({ ids: { id, message }, chat, session }) =>
  Response.json({ removed: await chat.feedback.remove(session, id, message) }),
);

export { unknownRoute as GET, unknownRoute as POST, unknownRoute as PATCH } from "@/app/_server/unknown-route";
