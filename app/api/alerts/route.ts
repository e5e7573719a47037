import { requireAnalytics } from "@/app/_server/analytics";
import { route } from "@/app/_server/http";
import { getRuntime } from "@/app/_server/runtime";

export const dynamic = "force-dynamic";

/** What the owner was told of: what lasts, then what is over, each the newest first. */
export const GET = route(async (request) => {
  const runtime = await getRuntime();
  requireAnalytics(request, runtime);
  return Response.json({ alerts: runtime.analytics.alerts() }, { headers: { "cache-control": "no-store" } });
});

export {
  unknownRoute as POST,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
