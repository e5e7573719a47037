import { changingRoute } from "@/app/_server/storage";
import { answerWork } from "@/app/_server/stream-work";
import { parseStorageFolder } from "@/lib/wire";

export const dynamic = "force-dynamic";

/** Goes on with what a killed server has left in the midst of it. */
export const POST = changingRoute((storage, body, request) =>
  answerWork(request, storage.watchResume(parseStorageFolder(body))),
);

export {
  unknownRoute as GET,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
