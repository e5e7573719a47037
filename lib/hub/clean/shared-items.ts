import { isInside } from "../folder";
import type { CacheView, PlanItem } from "./contract";

/**
 * Adds the payloads of the shared store that no link leads to once these items are gone. One whose list of links is
 * missing, or says what Memwell does not understand, stays, with a warning.
 */
export function addSharedItems(
  view: CacheView,
  items: PlanItem[],
  needed: ReadonlySet<string>,
  warnings: string[],
): void {
  if (view.inventory.shared.size === 0) return;
  const going = linksOf(view, items);
  const planned = new Set(items.flatMap((item) => item.paths));
  for (const payload of new Set(going.values())) {
    const links = view.inventory.shared.get(payload)?.links;
    if (links === undefined || needed.has(payload) || planned.has(payload)) continue;
    if (links === null) {
      warnings.push(`${payload} stays: its list of the links that lead to it is missing or cannot be understood`);
    } else if (links.every((link) => going.has(link))) items.push(sharedItem(payload));
  }
}

/** The links that go, with the payload that each leads to. */
function linksOf(view: CacheView, items: readonly PlanItem[]): Map<string, string> {
  const going = new Map<string, string>();
  const paths = new Set(items.flatMap((item) => item.paths));
  for (const [folder, { links }] of view.inventory.repos) {
    for (const [link, target] of links) {
      if (target === null || !(paths.has(link) || paths.has(folder))) continue;
      if (isInside(view.scan.cache_dir, target) && view.inventory.shared.has(target)) going.set(link, target);
    }
  }
  return new Map([...going].sort(([left], [right]) => (left < right ? -1 : 1)));
}

function sharedItem(payload: string): PlanItem {
  return {
    kind: "shared_blob",
    repo_type: null,
    repo_id: null,
    commit_hash: null,
    file: null,
    paths: [payload],
    refs: [],
    freed_size: 0,
    reason: "no repository will lead to this payload of the shared store any more",
  };
}
