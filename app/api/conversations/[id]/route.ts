import { readJsonBody } from "@/app/_server/http";
import type { Runtime } from "@/lib/runtime";
import { encodeConversation, encodeConversationEntry, parseConversationChange } from "@/lib/wire";

import { visitorRoute } from "../visitor-route";

export const dynamic = "force-dynamic";

const LIMIT_BYTES = 64 * 1024;

/** A conversation with the messages of its active branch. */
export const GET = visitorRoute(["id"], async ({ ids, chat, session }) =>
  Response.json(await read(chat, session, ids.id)),
);

/** Renames it, which answers how it is listed then; or shows another branch, which answers what that looks like. */
export const PATCH = visitorRoute(["id"], async ({ request, ids: { id }, chat, session }) => {
  const change = parseConversationChange(await readJsonBody(request, LIMIT_BYTES));
  if ("title" in change)
    return Response.json(encodeConversationEntry(await chat.conversations.rename(session, id, change.title)));
  await chat.conversations.switchTo(session, id, change.active);
  return Response.json(await read(chat, session, id));
});

/** Stops what is written in it, and hides it; `POST .../restore` brings it back. */
export const DELETE = visitorRoute(["id"], async ({ ids: { id }, chat, session }) => {
  await chat.remove(session, id);
  return Response.json({ id, removed: true });
});

async function read(chat: Runtime["chat"], session: string, id: string) {
  // All asked at once: a run that ends in between would otherwise be missed, or its answer.
  const [tree, runs, feedback] = await Promise.all([
    chat.conversations.read(session, id),
    chat.list(session, id),
    chat.feedback.list(session, id),
  ]);
  return encodeConversation(tree, runs, feedback);
}

export { unknownRoute as POST, unknownRoute as PUT } from "@/app/_server/unknown-route";
