import { mayAdminister } from "@/app/_server/admin";
import { route } from "@/app/_server/http";
import { getRuntime } from "@/app/_server/runtime";
import { withoutPaths } from "@/lib/wire";

export const dynamic = "force-dynamic";

/** What is in the Hugging Face cache, repository by repository. Strangers are not told where on this machine. */
export const GET = route(async (request) => {
  const runtime = await getRuntime();
  const list = await runtime.cache.list();
  const body = mayAdminister(request, runtime.config.adminToken) ? list : withoutPaths(list);
  return Response.json(body, { headers: { "cache-control": "no-store" } });
});

export {
  unknownRoute as POST,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
