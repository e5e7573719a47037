import { createHash } from "node:crypto";

import { requireAnalytics } from "@/app/_server/analytics";
import { route } from "@/app/_server/http";
import { getRuntime } from "@/app/_server/runtime";
import { parseKnownListing } from "@/lib/wire";

export const dynamic = "force-dynamic";

/**
 * What the owner was told of: what lasts, then what is over, each the newest first. Who names the answer that he has,
 * `?known=ID`, is told of a change only.
 */
export const GET = route(async (request) => {
  const known = parseKnownListing(new URL(request.url).searchParams);
  const runtime = await getRuntime();
  requireAnalytics(request, runtime);
  const alerts = runtime.analytics.alerts();
  const id = createHash("sha256").update(JSON.stringify(alerts)).digest("hex").slice(0, 32);
  const body = known === id ? { id, unchanged: true } : { id, alerts };
  return Response.json(body, { headers: { "cache-control": "no-store" } });
});

export {
  unknownRoute as POST,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
