import { requireAnalytics } from "@/app/_server/analytics";
import { readEvaluations } from "@/app/_server/evaluations";
import { route } from "@/app/_server/http";
import { getRuntime } from "@/app/_server/runtime";
import type { EvaluationsBody } from "@/lib/wire";

export const dynamic = "force-dynamic";

/** What the last evaluations of models have shown: see `npm run eval`. */
export const GET = route(async (request) => {
  const runtime = await getRuntime();
  requireAnalytics(request, runtime);
  const body: EvaluationsBody = { evaluations: await readEvaluations(runtime.config.dataDir) };
  return Response.json(body, { headers: { "cache-control": "no-store" } });
});

export {
  unknownRoute as POST,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
