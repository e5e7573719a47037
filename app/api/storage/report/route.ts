import { lookingRoute, reportFor } from "@/app/_server/storage";
import { parseStorageQuery } from "@/lib/wire";

export const dynamic = "force-dynamic";

/** What the last audit of a folder says: `?folder=NAME`. Every list is cut at some hundreds, and says how many there are. */
export const GET = lookingRoute(async (storage, query, isAdmin) =>
  reportFor(await storage.report(parseStorageQuery(query)), isAdmin),
);

export {
  unknownRoute as POST,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
