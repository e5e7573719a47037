import { requireAdmin } from "@/app/_server/admin";
import { readJsonBody, route } from "@/app/_server/http";
import { getRuntime } from "@/app/_server/runtime";
import { parseCacheApply } from "@/lib/wire";

export const dynamic = "force-dynamic";

/** Removes what the plan of this id said; 409 when the cache has changed since, and with it the plan. */
export const POST = route(async (request) => {
  const runtime = await getRuntime();
  requireAdmin(request, runtime.config.adminToken);
  const { call, id } = parseCacheApply(await readJsonBody(request));
  return Response.json(await runtime.cache.apply(call, id), { headers: { "cache-control": "no-store" } });
});

export {
  unknownRoute as GET,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
