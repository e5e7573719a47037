import { lstatSync, readFileSync, readlinkSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { isInside, systemCodeOf } from "../folder";
import { BLOBS, isSharedBlob, SHARED_STORE_MARKER, SHARED_STORE_VERSION } from "../layout";
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

/** A store with another content in its marker is of a layout that Memwell does not know. */
export function isSharedStore(store: string): boolean {
  try {
    const marker = join(store, SHARED_STORE_MARKER);
    if (!lstatSync(store).isDirectory() || !lstatSync(marker).isFile()) return false;
    return readFileSync(marker, "utf8") === SHARED_STORE_VERSION;
  } catch {
    return false;
  }
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
