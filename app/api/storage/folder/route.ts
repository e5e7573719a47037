import { lookingRoute } from "@/app/_server/storage";
import { parseStorageViewQuery } from "@/lib/wire";

export const dynamic = "force-dynamic";

/** What lies in one folder of the last audit: `?folder=NAME&path=a/b`. */
export const GET = lookingRoute((storage, query) => {
  const { folder, path } = parseStorageViewQuery(query);
  return storage.folder(folder, path);
});

export {
  unknownRoute as POST,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
