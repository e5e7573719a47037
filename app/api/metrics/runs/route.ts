import { requireAnalytics } from "@/app/_server/analytics";
import { route } from "@/app/_server/http";
import { getRuntime } from "@/app/_server/runtime";
import { encodeMetricsRuns, parseMetricsRunsQuery } from "@/lib/wire";

export const dynamic = "force-dynamic";

/** Recent turns, the newest first. What visitors said, and a search in it, is for the administrator alone. */
export const GET = route(async (request) => {
  const runtime = await getRuntime();
  const isAdmin = requireAnalytics(request, runtime);
  const query = parseMetricsRunsQuery(new URL(request.url).searchParams);
  const page = await runtime.analytics.recent({ ...query, withWords: isAdmin });
  const body = encodeMetricsRuns(page, isAdmin ? "admin" : "visitor");
  return Response.json(body, { headers: { "cache-control": "no-store" } });
});

export {
  unknownRoute as POST,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
