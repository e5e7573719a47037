import { preflightResponse, route } from "@/app/_server/http";
import { decodeId, findModel } from "@/app/_server/models";
import { getRuntime } from "@/app/_server/runtime";

export const dynamic = "force-dynamic";

export const GET = route<{ params: Promise<{ id: string }> }>(
  async (_request, { params }) => {
    const model = findModel(await getRuntime(), decodeId((await params).id));
    return Response.json(model, { headers: { "cache-control": "no-store" } });
  },
  { cors: true },
);

export const OPTIONS = preflightResponse;

export {
  unknownRoute as POST,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
