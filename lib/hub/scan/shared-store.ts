import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BLOBS, isSharedBlob, SHARED_STORE_MARKER, SHARED_STORE_VERSION } from "../layout";
import { isFolder, listFolder, lstatOrNull } from "../folder";
import { Findings } from "./findings";
import type { Recall } from "./memory";

/** A file of the shared store, by its path. */
export type SharedPayloads = ReadonlyMap<string, { size_on_disk: number; last_modified: number }>;

/** What one folder of the store holds. */
export interface StoreFolder {
  payloads: SharedPayloads;
  findings: Findings;
}

/** The payloads of the cache's shared store; null when there is no store of a layout that is known. */
export function readSharedStore(findings: Findings, folders: Recall<StoreFolder>): SharedPayloads | null {
  const store = join(findings.root, BLOBS);
  if (!isSharedStore(store)) return null;
  const payloads = new Map<string, { size_on_disk: number; last_modified: number }>();
  for (const prefix of listFolder(store, findings) ?? []) {
    if (!prefix.isDirectory()) continue;
    const read = folders.recall(join(store, prefix.name), (witness) =>
      readStoreFolder(store, prefix.name, new Findings(findings.root, witness)),
    );
    findings.warnings.push(...read.findings.warnings);
    for (const [path, payload] of read.payloads) payloads.set(path, payload);
  }
  return payloads;
}

function readStoreFolder(store: string, prefix: string, findings: Findings): StoreFolder {
  const folder = join(store, prefix);
  const payloads = new Map<string, { size_on_disk: number; last_modified: number }>();
  for (const entry of listFolder(folder, findings) ?? []) {
    if (!entry.isFile() || !isSharedBlob(prefix, entry.name)) continue;
    const path = join(folder, entry.name);
    const stats = lstatOrNull(path);
    if (stats?.isFile()) payloads.set(path, { size_on_disk: stats.size, last_modified: stats.mtimeMs / 1000 });
  }
  return { payloads, findings };
}

/** A store with another content in its marker is of a layout that Memwell does not know. */
export function isSharedStore(store: string): boolean {
  try {
    const marker = join(store, SHARED_STORE_MARKER);
    if (!isFolder(store) || lstatOrNull(marker)?.isFile() !== true) return false;
    return readFileSync(marker, "utf8") === SHARED_STORE_VERSION;
  } catch {
    return false;
  }
}
