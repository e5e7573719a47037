import { route } from "@/app/_server/http";
import { getRuntime } from "@/app/_server/runtime";
import { encodeMemoryLog, parseMemoryLogQuery } from "@/lib/wire";

export const dynamic = "force-dynamic";

/** The memory of past steps, oldest first: of one run, of one model, after a record that was read before. */
export const GET = route(async (request) => {
  const query = parseMemoryLogQuery(new URL(request.url).searchParams);
  const records = (await getRuntime()).memoryLog(query);
  return Response.json(encodeMemoryLog(records), { headers: { "cache-control": "no-store" } });
});

export {
  unknownRoute as POST,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
