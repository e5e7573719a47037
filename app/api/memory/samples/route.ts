import { requireAnalytics } from "@/app/_server/analytics";
import { route } from "@/app/_server/http";
import { getRuntime } from "@/app/_server/runtime";
import { encodeMemorySamples, parseSampleQuery } from "@/lib/wire";

export const dynamic = "force-dynamic";

/** Memory over time, thinned to as many points as asked for; with `after` only what is new. */
export const GET = route(async (request) => {
  const runtime = await getRuntime();
  requireAnalytics(request, runtime);
  const query = parseSampleQuery(new URL(request.url).searchParams, Date.now());
  const samples = await runtime.memorySamples(query);
  return Response.json(encodeMemorySamples(samples), { headers: { "cache-control": "no-store" } });
});

export {
  unknownRoute as POST,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
