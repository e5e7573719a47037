import { attachmentHeader, conversationMarkdown, parseExportFormat } from "@/lib/wire";

import { visitorRoute } from "../../visitor-route";

export const dynamic = "force-dynamic";

/** A conversation as a file: `?format=json` with all its branches, to import again; `?format=markdown` to read. */
export const GET = visitorRoute(["id"], async ({ parameters, ids: { id }, chat, session }) => {
  if (parseExportFormat(parameters) === "json") {
    const exported = await chat.conversations.export(session, id);
    const headers = { "content-disposition": attachmentHeader(exported.title, "json") };
    return Response.json(exported, { headers });
  }
  const tree = await chat.conversations.read(session, id);
  const headers = {
    "content-type": "text/markdown; charset=utf-8",
    "content-disposition": attachmentHeader(tree.title, "md"),
  };
  return new Response(conversationMarkdown(tree), { headers });
});

export {
  unknownRoute as POST,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
