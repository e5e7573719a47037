import { route } from "@/app/_server/http";
import { getRuntime } from "@/app/_server/runtime";
import { encodeMetrics, PROMETHEUS_CONTENT_TYPE } from "@/lib/wire";

export const dynamic = "force-dynamic";

/** Memory, models and queue for Prometheus, as they are now. */
export const GET = route(async () => {
  const runtime = await getRuntime();
  return new Response(encodeMetrics(await runtime.memory(), runtime.models()), {
    headers: { "content-type": PROMETHEUS_CONTENT_TYPE, "cache-control": "no-store" },
  });
});
