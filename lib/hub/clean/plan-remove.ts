import { MemwellError } from "../../errors";
import { buildPlan } from "./build-plan";
import type { CacheView, Plan } from "./contract";
import { selectTarget } from "./find-target";
import { Selection } from "./settle";
import { parseRemoveTarget, type RemoveTarget } from "./target";

/**
 * The plan that removes repositories, revisions, files and quants by name. Pure.
 *
 * Throws `invalid_request` without a target or for one that names several things, `repo_not_found`,
 * `revision_not_found`, `file_not_found`: the error lists near names.
 */
export function planRemove(view: CacheView, targets: readonly (string | RemoveTarget)[]): Plan {
  if (targets.length === 0) {
    throw new MemwellError("invalid_request", "Nothing was named to be removed. Write ORG/NAME, for example.");
  }
  const selection = new Selection();
  for (const target of targets) {
    selectTarget(view.scan, typeof target === "string" ? parseRemoveTarget(target) : target, selection);
  }
  return buildPlan("rm", view, selection);
}
