import { lookingRoute } from "@/app/_server/storage";
import { parseStorageQuery } from "@/lib/wire";

export const dynamic = "force-dynamic";

/** What lies in the trash of a folder, to be undone or emptied: `?folder=NAME`. */
export const GET = lookingRoute((storage, query) => storage.trash(parseStorageQuery(query)));

export {
  unknownRoute as POST,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
