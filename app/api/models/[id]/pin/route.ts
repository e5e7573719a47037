import { requireAdmin } from "@/app/_server/admin";
import { route } from "@/app/_server/http";
import { decodeId, findModel } from "@/app/_server/models";
import { getRuntime } from "@/app/_server/runtime";

export const dynamic = "force-dynamic";

/** Keeps a model in memory from its next load on: it is neither evicted nor unloaded when idle. */
export const POST = route<{ params: Promise<{ id: string }> }>(async (request, { params }) => {
  const runtime = await getRuntime();
  requireAdmin(request, runtime.config.adminToken);
  const id = decodeId((await params).id);
  runtime.pin(id);
  return Response.json(findModel(runtime, id));
});

export {
  unknownRoute as GET,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
