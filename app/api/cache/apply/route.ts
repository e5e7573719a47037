import { requireAdmin } from "@/app/_server/admin";
import { readJsonBody, route } from "@/app/_server/http";
import { getRuntime } from "@/app/_server/runtime";
import { streamCleaning } from "@/app/_server/stream-cleaning";
import { parseCacheApply } from "@/lib/wire";

export const dynamic = "force-dynamic";

/**
 * Removes what the plan of this id said; 409 when the cache has changed since, and with it the plan. Who accepts
 * `text/event-stream` is told how far it is; it goes on when he leaves, until `POST /api/cache/cancel`.
 */
export const POST = route(async (request) => {
  const { config, cache } = await getRuntime();
  requireAdmin(request, config.adminToken);
  const { call, id } = parseCacheApply(await readJsonBody(request));
  if (request.headers.get("accept")?.includes("text/event-stream") === true)
    return streamCleaning(cache.watchApply(call, id));
  return Response.json(await cache.apply(call, id), { headers: { "cache-control": "no-store" } });
});

export {
  unknownRoute as GET,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
