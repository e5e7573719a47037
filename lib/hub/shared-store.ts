import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BLOBS, isSharedBlob, SHARED_STORE_MARKER, SHARED_STORE_VERSION } from "./layout";
import { listFolder } from "./folder";
import type { Findings } from "./findings";

/** The payloads of the cache's shared store with their sizes; null when there is no store of a layout that is known. */
export function readSharedStore(findings: Findings): Map<string, number> | null {
  const store = join(findings.root, BLOBS);
  if (!isSharedStore(store)) return null;
  const payloads = new Map<string, number>();
  for (const prefix of listFolder(store, findings) ?? []) {
    if (!prefix.isDirectory()) continue;
    const folder = join(store, prefix.name);
    for (const entry of listFolder(folder, findings) ?? []) {
      if (!entry.isFile() || !isSharedBlob(prefix.name, entry.name)) continue;
      const stats = lstatSync(join(folder, entry.name), { throwIfNoEntry: false });
      if (stats?.isFile()) payloads.set(join(folder, entry.name), stats.size);
    }
  }
  return payloads;
}

function isSharedStore(store: string): boolean {
  try {
    const marker = join(store, SHARED_STORE_MARKER);
    if (!lstatSync(store).isDirectory() || !lstatSync(marker).isFile()) return false;
    return readFileSync(marker, "utf8") === SHARED_STORE_VERSION;
  } catch {
    return false;
  }
}
