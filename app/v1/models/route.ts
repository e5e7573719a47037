import { preflightResponse, route } from "@/app/_server/http";
import { listModels } from "@/app/_server/models";
import { getRuntime } from "@/app/_server/runtime";

export const dynamic = "force-dynamic";

export const GET = route(
  async () => Response.json(listModels(await getRuntime()), { headers: { "cache-control": "no-store" } }),
  {
    cors: true,
  },
);

export const OPTIONS = preflightResponse;

export {
  unknownRoute as POST,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
