import { requireAdmin } from "@/app/_server/admin";
import { route } from "@/app/_server/http";
import { decodeId, findModel } from "@/app/_server/models";
import { getRuntime } from "@/app/_server/runtime";

export const dynamic = "force-dynamic";

/** Ends a model's process and answers when its memory is free. */
export const POST = route<{ params: Promise<{ id: string }> }>(async (request, { params }) => {
  const runtime = await getRuntime();
  requireAdmin(request, runtime.config.adminToken);
  const id = decodeId((await params).id);
  await runtime.unload(id);
  return Response.json(findModel(runtime, id));
});

export {
  unknownRoute as GET,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
