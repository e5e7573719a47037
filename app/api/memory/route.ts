import { requireAnalytics } from "@/app/_server/analytics";
import { route } from "@/app/_server/http";
import { getRuntime } from "@/app/_server/runtime";
import { encodeMemory } from "@/lib/wire";

export const dynamic = "force-dynamic";

/** The budget and every process, as they are now. */
export const GET = route(async (request) => {
  const runtime = await getRuntime();
  requireAnalytics(request, runtime);
  return Response.json(encodeMemory(await runtime.memory()), { headers: { "cache-control": "no-store" } });
});

export {
  unknownRoute as POST,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
