import { requireAnalytics } from "@/app/_server/analytics";
import { route } from "@/app/_server/http";
import { getRuntime } from "@/app/_server/runtime";
import { parseMetricsQuery, type MetricsSummary } from "@/lib/wire";

export const dynamic = "force-dynamic";

/** Figures of the turns that began in a range of time, all together and by day, hour or model. */
export const GET = route(async (request) => {
  const runtime = await getRuntime();
  requireAnalytics(request, runtime);
  const query = parseMetricsQuery(new URL(request.url).searchParams, Date.now());
  const body: MetricsSummary = await runtime.analytics.summary(query);
  return Response.json(body, { headers: { "cache-control": "no-store" } });
});

export {
  unknownRoute as POST,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
