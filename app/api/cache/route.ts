import { route } from "@/app/_server/http";
import { getRuntime } from "@/app/_server/runtime";

export const dynamic = "force-dynamic";

/** What is in the Hugging Face cache, repository by repository. */
export const GET = route(async () =>
  Response.json(await (await getRuntime()).cache.list(), { headers: { "cache-control": "no-store" } }),
);

export {
  unknownRoute as POST,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
