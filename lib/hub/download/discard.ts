import { lstat, rm } from "node:fs/promises";
import type { RepoListing } from "../client/listing";
import { tryLock } from "../lock";
import type { HubSettings } from "../settings";
import { pathsOf } from "./download-file";
import { partialPath } from "./partial-file";

export interface Discarded {
  /** Bytes on disk that were given back. */
  freed_size: number;
  /** Paths that are being downloaded at this moment; these stay. */
  in_use: string[];
}

const BLOCK_BYTES = 512;

/** Removes what downloads of these files left behind: the cancel to the pause that an abort is. */
export async function discard(
  settings: HubSettings,
  listing: RepoListing,
  paths: readonly string[],
): Promise<Discarded> {
  const discarded: Discarded = { freed_size: 0, in_use: [] };
  for (const { path, etag } of listing.files.filter((file) => paths.includes(file.path))) {
    const { blobs, lockOf } = pathsOf(settings, listing, path);
    const partial = partialPath(blobs, etag);
    const stats = await lstat(partial).catch(() => null);
    if (stats === null) continue;
    const held = tryLock(lockOf(etag));
    if (held === null) {
      discarded.in_use.push(path);
      continue;
    }
    try {
      await rm(partial, { force: true });
      discarded.freed_size += stats.blocks * BLOCK_BYTES;
    } finally {
      held.release();
    }
  }
  return discarded;
}
