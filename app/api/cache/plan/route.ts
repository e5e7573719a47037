import { requireAdmin } from "@/app/_server/admin";
import { readJsonBody, route } from "@/app/_server/http";
import { getRuntime } from "@/app/_server/runtime";
import { parseCacheCall } from "@/lib/wire";

export const dynamic = "force-dynamic";

/** What would be removed, and why; nothing is. */
export const POST = route(async (request) => {
  const runtime = await getRuntime();
  requireAdmin(request, runtime.config.adminToken);
  const call = parseCacheCall(await readJsonBody(request));
  return Response.json(await runtime.cache.plan(call), { headers: { "cache-control": "no-store" } });
});

export {
  unknownRoute as GET,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
