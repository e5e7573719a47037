import { requireAnalytics } from "@/app/_server/analytics";
import { route } from "@/app/_server/http";
import { getRuntime } from "@/app/_server/runtime";
import { encodeMetrics, PROMETHEUS_CONTENT_TYPE } from "@/lib/wire";

export const dynamic = "force-dynamic";

/** Memory, models, queue and turns for Prometheus, as they are now. */
export const GET = route(async (request) => {
  const runtime = await getRuntime();
  requireAnalytics(request, runtime);
  const { analytics } = runtime;
  const [memory, gauges] = await Promise.all([runtime.memory(), analytics.gauges()]);
  return new Response(encodeMetrics(memory, runtime.models(), { counters: analytics.counters(), gauges }), {
    headers: { "content-type": PROMETHEUS_CONTENT_TYPE, "cache-control": "no-store" },
  });
});
