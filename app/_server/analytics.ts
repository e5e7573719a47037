import type { Runtime } from "@/lib/runtime";

import { mayAdminister, requireAdmin } from "./admin";

/**
 * Lets pass who may look at figures, memory and the cache: everybody, or with `MEMWELL_ANALYTICS=admin` the administrator.
 *
 * @returns whether it is the administrator, who sees more
 * @throws MemwellError `admin_only`
 */
export function requireAnalytics(request: Request, { config }: Pick<Runtime, "config">): boolean {
  if (config.analytics.access === "admin") requireAdmin(request, config.adminToken);
  // A browser at this machine may be sent here by any page: what it may not read, it is not given either.
  const isOtherSite = ["cross-site", "same-site"].includes(request.headers.get("sec-fetch-site") ?? "");
  return !isOtherSite && mayAdminister(request, config.adminToken);
}
