import { withoutCatalogueFile } from "@/app/_server/catalogue-refusal";
import { route } from "@/app/_server/http";
import { mayUse } from "@/app/_server/may-use";
import { getRuntime } from "@/app/_server/runtime";
import { encodeCatalogue } from "@/lib/wire";

export const dynamic = "force-dynamic";

/** The models to choose from, and how they fit this machine; the Hub is asked nothing. */
export const GET = route(async (request) => {
  const { config, catalogue } = await getRuntime();
  const may = mayUse(request, config.adminToken);
  const sees = config.analytics.access === "open" || may === "yes";
  const report = await catalogue.report().catch((thrown: unknown) => {
    throw may === "yes" ? thrown : withoutCatalogueFile(thrown);
  });
  const body = encodeCatalogue(report, catalogue.now, { mayUse: may, sees });
  return Response.json(body, { headers: { "cache-control": "no-store" } });
});

export {
  unknownRoute as POST,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
