import { folderFor, lookingRoute } from "@/app/_server/storage";

export const dynamic = "force-dynamic";

/** The folders that may be audited, with the last audit of each and what goes on in it. */
export const GET = lookingRoute((storage, _query, isAdmin) => ({
  folders: storage.folders().map((folder) => folderFor(folder, isAdmin)),
}));

export {
  unknownRoute as POST,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
