import { lstatSync, readFileSync, readlinkSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { isInside, systemCodeOf } from "../folder";
import { BLOBS, isSharedBlob } from "../layout";
import { isSharedStore } from "../scan/shared-store";
import type { CacheView, PlanItem } from "./contract";
import { factOf, walk, type FileFact } from "./files";

/*
 * The shared store keeps beside each payload `<hash>.refs`: a line for every link that leads to it, relative to the cache
 * (`models--ORG--NAME/blobs/<etag>`), written before the link is. A line that is stale is normal; a link without a line
 * is not. `<hash>.lock` is held by whoever adds a line, makes a link or removes the payload.
 *
 * Source: huggingface_hub, `_shared_blobs.py` (pull requests #4498 and #4600).
 */

export interface SharedPayload extends FileFact {
  /** The links that lead to it, absolute; null: its list is missing or says what Memwell does not understand. */
  links: string[] | null;
}

/** Every payload of the shared store by path; none when the cache has no store of a layout that is known. */
export function readSharedPayloads(cacheDir: string): Map<string, SharedPayload> {
  const payloads = new Map<string, SharedPayload>();
  const store = join(cacheDir, BLOBS);
  if (!isSharedStore(store)) return payloads;
  walk(store, (path, entry) => {
    const fact = entry.isFile() && isPayload(cacheDir, path) ? factOf(path) : null;
    if (fact !== null) payloads.set(path, { ...fact, links: linksTo(path, cacheDir) });
  });
  return payloads;
}

/** By its path alone: `blobs/<xx>/<hash>`. */
export function isPayload(cacheDir: string, path: string): boolean {
  const folder = dirname(path);
  return dirname(folder) === join(cacheDir, BLOBS) && isSharedBlob(basename(folder), basename(path));
}

export function listOf(payload: string): string {
  return `${payload}.refs`;
}

export function lockOf(payload: string): string {
  return `${payload}.lock`;
}

/** Those links in a payload's list that still lead to it; null when that cannot be told for every line. */
export function linksTo(payload: string, cacheDir: string): string[] | null {
  const lines = readList(listOf(payload));
  if (lines === null) return null;
  const links = new Set<string>();
  for (const line of lines) {
    const leadsHere = isLinkTo(payload, line, cacheDir);
    if (leadsHere === null) return null;
    if (leadsHere) links.add(join(cacheDir, line));
  }
  return [...links].sort();
}

function readList(path: string): string[] | null {
  try {
    if (!lstatSync(path).isFile()) return null;
    const lines = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path)).split("\n");
    // Whoever writes a line ends it: one without its end is being written right now.
    return lines.pop() === "" ? lines : null;
  } catch {
    return null;
  }
}

function isLinkTo(payload: string, line: string, cacheDir: string): boolean | null {
  const [repo = "", blobs, etag = "", ...more] = line.split("/");
  // Kinds of repositories that Memwell does not know may use the store too.
  const isKnown = /^\w+--[^\\]+$/.test(repo) && blobs === BLOBS && /^[\w-]+$/.test(etag) && more.length === 0;
  const path = join(cacheDir, line);
  if (!isKnown || !isInside(cacheDir, path)) return null;
  try {
    return resolve(join(cacheDir, repo, BLOBS), readlinkSync(path)) === payload;
  } catch (thrown) {
    // EINVAL: a file of its own now.
    return ["ENOENT", "EINVAL", "ENOTDIR"].includes(systemCodeOf(thrown)) ? false : null;
  }
}

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
