import { changingRoute } from "@/app/_server/storage";
import { answerWork } from "@/app/_server/stream-work";
import { parseStorageUndo } from "@/lib/wire";

export const dynamic = "force-dynamic";

/** Puts back what an apply has moved into the trash. */
export const POST = changingRoute((storage, body, request) => {
  const { folder, id } = parseStorageUndo(body);
  return answerWork(request, storage.watchUndo(folder, id));
});

export {
  unknownRoute as GET,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
