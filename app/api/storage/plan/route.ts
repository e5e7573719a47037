import { lookingRoute } from "@/app/_server/storage";
import { parseStorageQuery } from "@/lib/wire";

export const dynamic = "force-dynamic";

/** What could be done about a folder, phase by phase: `?folder=NAME`. Nothing is. */
export const GET = lookingRoute((storage, query) => storage.plan(parseStorageQuery(query)));

export {
  unknownRoute as POST,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
