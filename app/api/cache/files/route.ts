import { requireAnalytics } from "@/app/_server/analytics";
import { withoutCacheFolder } from "@/app/_server/cache-refusal";
import { route } from "@/app/_server/http";
import { getRuntime } from "@/app/_server/runtime";
import { parseCacheFilesQuery } from "@/lib/wire";

export const dynamic = "force-dynamic";

/** The files of one revision: `?repo=model/ORG/NAME&revision=COMMIT`. */
export const GET = route(async (request) => {
  const query = parseCacheFilesQuery(new URL(request.url).searchParams);
  const runtime = await getRuntime();
  const isAdmin = requireAnalytics(request, runtime);
  const files = await runtime.cache.files(query).catch((thrown: unknown) => {
    throw isAdmin ? thrown : withoutCacheFolder(thrown);
  });
  return Response.json(files, { headers: { "cache-control": "no-store" } });
});

export {
  unknownRoute as POST,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
