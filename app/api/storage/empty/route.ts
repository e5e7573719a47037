import { changingRoute } from "@/app/_server/storage";
import { answerWork } from "@/app/_server/stream-work";
import { parseStorageEmpty } from "@/lib/wire";

export const dynamic = "force-dynamic";

/** Removes what lies in the trash for good. */
export const POST = changingRoute((storage, body, request) => {
  const { folder, ids } = parseStorageEmpty(body);
  return answerWork(request, storage.watchEmpty(folder, ids));
});

export {
  unknownRoute as GET,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
