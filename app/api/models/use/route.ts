import { requireAdmin } from "@/app/_server/admin";
import { readJsonBody, route } from "@/app/_server/http";
import { mayUse } from "@/app/_server/may-use";
import { getRuntime } from "@/app/_server/runtime";
import { encodeModelUse, parseUseCall } from "@/lib/wire";

export const dynamic = "force-dynamic";

/** `{id, role}` is a few words. */
const LARGEST_BODY = 10_000;
const HEADERS = { "cache-control": "no-store" };

/** How far the change of models is that is under way, or how the last one ended; `{use: null}` without one. */
export const GET = route(async (request) => {
  const { config, catalogue } = await getRuntime();
  const isAdmin = mayUse(request, config.adminToken) === "yes";
  const { now } = catalogue;
  return Response.json({ use: now === null ? null : encodeModelUse(now, isAdmin) }, { headers: HEADERS });
});

/** Begins to download a model and to make it the one that answers, which goes on by itself. */
export const POST = route(async (request) => {
  const { config, catalogue } = await getRuntime();
  requireAdmin(request, config.adminToken);
  const use = await catalogue.use(parseUseCall(await readJsonBody(request, LARGEST_BODY)));
  return Response.json({ use: encodeModelUse(use, true) }, { status: 202, headers: HEADERS });
});

/** Ends it: what answered before goes on answering. */
export const DELETE = route(async (request) => {
  const { config, catalogue } = await getRuntime();
  requireAdmin(request, config.adminToken);
  const use = await catalogue.cancel();
  return Response.json({ use: use === null ? null : encodeModelUse(use, true) }, { headers: HEADERS });
});

export { unknownRoute as PUT, unknownRoute as PATCH } from "@/app/_server/unknown-route";
