import { requireAnalytics } from "@/app/_server/analytics";
import { route } from "@/app/_server/http";
import { getRuntime } from "@/app/_server/runtime";
import { encodeMemoryLog, parseMemoryLogQuery } from "@/lib/wire";

export const dynamic = "force-dynamic";

/** The memory of past steps, oldest first: of one run, of one model, after a record that was read before. */
export const GET = route(async (request) => {
  const runtime = await getRuntime();
  const isAdmin = requireAnalytics(request, runtime);
  const query = parseMemoryLogQuery(new URL(request.url).searchParams, isAdmin ? "admin" : "visitor");
  const records = runtime.memoryLog(query);
  // Who knows a run's id may follow it; nobody learns the ids of others here.
  const shown = isAdmin || query.run !== undefined ? records : records.map((record) => ({ ...record, run: null }));
  return Response.json(encodeMemoryLog(shown), { headers: { "cache-control": "no-store" } });
});

export {
  unknownRoute as POST,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
