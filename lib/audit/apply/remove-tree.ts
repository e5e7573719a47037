import { setImmediate } from "node:timers/promises";
import { chmodSync } from "node:fs";
import { joined, toSystem, type BytePath } from "../walk/byte-path";
import { systemCodeOf } from "../walk/system";
import type { EmptyEvent } from "./contract";
import { statOf, type Disk } from "./disk";
import { namesIn } from "./root";
import { sizesAt } from "./put-link";

/** What was removed for good. Bytes: of files whose last name went. */
export interface Removed {
  nb_files: number;
  apparent_size: number;
  size_on_disk: number;
}

const ENTRIES_A_TURN = 200;

/** Removes what lies in a trash, and follows no link. Throws the file system's errors, and `aborted` between two files. */
export async function removeTree(
  disk: Disk,
  path: BytePath,
  removed: Removed,
  options: { signal?: AbortSignal | undefined; onEvent?: ((event: EmptyEvent) => void) | undefined } = {},
): Promise<void> {
  const waiting: { path: BytePath; isEmptied: boolean }[] = [{ path, isEmptied: false }];
  for (let next = waiting.pop(), count = 1; next !== undefined; next = waiting.pop(), count++) {
    if (count % ENTRIES_A_TURN === 0) await setImmediate();
    options.signal?.throwIfAborted();
    const stats = statOf(next.path);
    if (stats === null) continue;
    if (stats.isDirectory() && next.isEmptied) disk.removeFolder(next.path);
    else if (stats.isDirectory()) {
      waiting.push({ path: next.path, isEmptied: true });
      for (const name of namesInForced(next.path)) waiting.push({ path: joined(next.path, name), isEmptied: false });
    } else removeFile(disk, next.path, removed, options.onEvent);
  }
}

function removeFile(disk: Disk, path: BytePath, removed: Removed, tell?: (event: EmptyEvent) => void): void {
  const stats = statOf(path);
  const sizes = sizesAt(path);
  disk.remove(path);
  removed.nb_files += 1;
  if (stats?.nlink === 1n) {
    removed.apparent_size += sizes.apparent_size;
    removed.size_on_disk += sizes.size_on_disk;
  }
  tell?.({ type: "path-removed", nb_files: removed.nb_files, size_on_disk: removed.size_on_disk });
}

/** Nobody may take names out of a folder that may not be written to; in the trash it is ours to change that. */
function namesInForced(folder: BytePath): BytePath[] {
  try {
    chmodSync(toSystem(folder), 0o700);
  } catch (thrown) {
    if (systemCodeOf(thrown) !== "EPERM") throw thrown;
  }
  return namesIn(folder);
}
