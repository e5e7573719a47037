import { requireAnalytics } from "@/app/_server/analytics";
import { route } from "@/app/_server/http";
import { ownRunsOf, visitorOf } from "@/app/_server/own-runs";
import { getRuntime } from "@/app/_server/runtime";
import { withSession } from "@/app/_server/session";
import { encodeMemoryLog, parseMemoryLogQuery } from "@/lib/wire";

export const dynamic = "force-dynamic";

/** The memory of past steps, oldest first: of one run, of one model, after a record that was read before. */
export const GET = route(async (request) => {
  const runtime = await getRuntime();
  const isAdmin = requireAnalytics(request, runtime);
  const query = parseMemoryLogQuery(new URL(request.url).searchParams, isAdmin ? "admin" : "visitor");
  const records = runtime.memoryLog(query);
  const visitor = visitorOf(request, runtime);
  const own = await ownRunsOf(
    visitor,
    runtime,
    records.map(({ run }) => run),
  );
  const known = new Set(own);
  // Who knows a run's id may follow it; nobody learns the ids of others here.
  const isTold = (run: string | null) => isAdmin || query.run !== undefined || (run !== null && known.has(run));
  const shown = records.map((record) => (isTold(record.run) ? record : { ...record, run: null }));
  const response = Response.json(encodeMemoryLog(shown, own), { headers: { "cache-control": "no-store" } });
  return visitor === null ? response : withSession(response, visitor, { isReading: true });
});

export {
  unknownRoute as POST,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
