import { route } from "@/app/_server/http";
import { getRuntime } from "@/app/_server/runtime";
import { forVisitors, type ErrorRecord } from "@/lib/runtime";
import { errorBody } from "@/lib/wire";

export const dynamic = "force-dynamic";

/** Without where its files are: everybody may ask. */
function toldError(error: ErrorRecord): { code: string; message: string } {
  const { code, message } = forVisitors(error);
  return { code, message };
}

/** Able to answer: no model's last start failed. 503 names the models that cannot start, and why. */
export const GET = route(async () => {
  const readiness = (await getRuntime()).readiness();
  const models = readiness.models.map(({ id, state, error }) => ({
    id,
    state,
    error: error === null ? null : toldError(error),
  }));
  const headers = { "cache-control": "no-store" };
  if (readiness.ready) return Response.json({ status: "ready", models }, { headers });
  const failed = models.find((model) => model.error !== null);
  const message = failed?.error?.message ?? "No model is able to answer.";
  const body = errorBody({ code: "engine_start_failed", message, fields: { models } });
  return Response.json({ status: "not ready", ...body }, { status: 503, headers });
});
