import { changingRoute } from "@/app/_server/storage";
import { answerWork } from "@/app/_server/stream-work";
import { parseStorageFolder } from "@/lib/wire";

export const dynamic = "force-dynamic";

/** Audits a folder. What it says is kept for the other routes until the next audit. */
export const POST = changingRoute((storage, body, request) =>
  answerWork(request, storage.watchAudit(parseStorageFolder(body))),
);

export {
  unknownRoute as GET,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
