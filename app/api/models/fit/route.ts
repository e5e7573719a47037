import { requireAdmin } from "@/app/_server/admin";
import { requireAnalytics } from "@/app/_server/analytics";
import { route } from "@/app/_server/http";
import { listModels } from "@/app/_server/models";
import { getRuntime } from "@/app/_server/runtime";
import { encodeFit, parseFitQuery } from "@/lib/wire";

export const dynamic = "force-dynamic";

/**
 * Whether a model would fit beside what is held now; nothing is loaded or downloaded.
 *
 * Everybody may ask of the models that this server lists. Any other reference is the administrator's: `hf:` asks the Hub in
 * the owner's name, whose token may see private repositories, and a path tells what is on this disk.
 */
export const GET = route(async (request) => {
  const runtime = await getRuntime();
  const isAdmin = requireAnalytics(request, runtime);
  const { model, contextSize } = parseFitQuery(new URL(request.url).searchParams);
  if (!listModels(runtime).data.some(({ id }) => id === model)) requireAdmin(request, runtime.config.adminToken);
  const body = encodeFit(await runtime.fit(model, { contextSize }));
  const shown = isAdmin ? body : { ...body, path: null };
  return Response.json(shown, { headers: { "cache-control": "no-store" } });
});

export {
  unknownRoute as POST,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
