import { requireAnalytics } from "@/app/_server/analytics";
import { route } from "@/app/_server/http";
import { getRuntime } from "@/app/_server/runtime";
import { encodeMemoryEvents, parseMemoryEventQuery } from "@/lib/wire";

export const dynamic = "force-dynamic";

/** What happened to the models in memory, and why, oldest first. */
export const GET = route(async (request) => {
  const runtime = await getRuntime();
  requireAnalytics(request, runtime);
  const query = parseMemoryEventQuery(new URL(request.url).searchParams);
  return Response.json(encodeMemoryEvents(runtime.memoryEvents(query)), { headers: { "cache-control": "no-store" } });
});

export {
  unknownRoute as POST,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
