import { createHash } from "node:crypto";

import type { LiveFigures, RepoUse } from "@/app/_analytics/cache-contract";
import { requireAnalytics } from "@/app/_server/analytics";
import { withoutCacheFolder } from "@/app/_server/cache-refusal";
import { route } from "@/app/_server/http";
import { getRuntime } from "@/app/_server/runtime";
import { parseKnownListing, withoutPaths } from "@/lib/wire";

export const dynamic = "force-dynamic";

/**
 * What is in the Hugging Face cache, repository by repository. Strangers are not told where on this machine. Who names the
 * listing that he has, `?known=ID`, is told only what may have changed beside it, as long as it is the same.
 */
export const GET = route(async (request) => {
  const known = parseKnownListing(new URL(request.url).searchParams);
  const runtime = await getRuntime();
  const isAdmin = requireAnalytics(request, runtime);
  const list = await runtime.cache.list().catch((thrown: unknown) => {
    throw isAdmin ? thrown : withoutCacheFolder(thrown);
  });
  const { disk, in_use: open, ...listing } = isAdmin ? list : withoutPaths(list);
  const text = JSON.stringify(listing);
  const id = createHash("sha256").update(text).digest("hex").slice(0, 32);
  const others = isAdmin ? open : [...new Set(open.map(({ repo }) => repo))].map(openElsewhere);
  const live: LiveFigures = { id, disk, in_use: [...runtime.repoUses(), ...others] };
  const answer = JSON.stringify(known === id ? { ...live, unchanged: true } : live);
  // Put together as texts: a listing of a large cache is long enough not to be written twice.
  const body = known === id ? answer : `${text.slice(0, -1)},${answer.slice(1)}`;
  return new Response(body, { headers: { "content-type": "application/json", "cache-control": "no-store" } });
});

/** What runs on this machine is not for strangers. */
function openElsewhere(repo: string): RepoUse {
  return { repo, model: null, use: "open", process: null };
}

export {
  unknownRoute as POST,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
