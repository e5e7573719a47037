import { changingRoute } from "@/app/_server/storage";
import { parseStorageFolder } from "@/lib/wire";

export const dynamic = "force-dynamic";

/** Ends what goes on in a folder, between two steps; whoever asked for it is told what was done. */
export const POST = changingRoute(async (storage, body) => {
  const folder = parseStorageFolder(body);
  return Response.json({ folder, cancelled: storage.cancel(folder) }, { headers: { "cache-control": "no-store" } });
});

export {
  unknownRoute as GET,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
