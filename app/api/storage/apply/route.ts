import { changingRoute } from "@/app/_server/storage";
import { answerWork } from "@/app/_server/stream-work";
import { parseStorageApply } from "@/lib/wire";

export const dynamic = "force-dynamic";

/**
 * Carries out the plan of this id, or what is chosen of it; 409 when it has changed since it was shown. With `dry_run` it
 * says what would be done now, and does nothing.
 */
export const POST = changingRoute(async (storage, body, request) => {
  const { folder, dryRun, ...choice } = parseStorageApply(body);
  if (!dryRun) return answerWork(request, storage.watchApply(folder, choice));
  const applied = await storage.dryRun(folder, choice);
  return Response.json({ applied }, { headers: { "cache-control": "no-store" } });
});

export {
  unknownRoute as GET,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
