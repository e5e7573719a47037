import { requireAdmin } from "@/app/_server/admin";
import { readJsonBody, route } from "@/app/_server/http";
import { getRuntime } from "@/app/_server/runtime";
import { parseCacheCancel } from "@/lib/wire";

export const dynamic = "force-dynamic";

const LIMIT_BYTES = 4 * 1024;

/** Ends what executes the plan of this id, between two files; whoever asked for it is told what went and what stays. */
export const POST = route(async (request) => {
  const runtime = await getRuntime();
  requireAdmin(request, runtime.config.adminToken);
  const id = parseCacheCancel(await readJsonBody(request, LIMIT_BYTES));
  const body = { id, cancelled: runtime.cache.cancel(id) };
  return Response.json(body, { headers: { "cache-control": "no-store" } });
});

export {
  unknownRoute as GET,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
