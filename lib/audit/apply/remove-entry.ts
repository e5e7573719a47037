import { joined } from "../walk/byte-path";
import type { EmptyOptions } from "./contract";
import { isStaging } from "./cache-name";
import { statOf } from "./disk";
import { JOURNAL, type Entry } from "./entry";
import { removeTree, type Removed } from "./remove-tree";
import type { Trash } from "./trash";

/**
 * Removes an entry of the trash with all that is left in it, its journal last, and then a trash that has no other. Throws the
 * file system's errors, `aborted`.
 */
export async function removeEntry(
  trash: Trash,
  entry: Pick<Entry, "path" | "filesPath" | "history">,
  options: Pick<EmptyOptions, "signal" | "onEvent"> = {},
): Promise<Removed> {
  const removed: Removed = { nb_files: 0, apparent_size: 0, size_on_disk: 0 };
  const { history, path, filesPath } = entry;
  for (const staging of history.staging) if (isStaging(staging)) await removeTree(trash.disk, staging, { ...removed });
  await removeTree(trash.disk, filesPath, removed, options);
  const journal = joined(path, JOURNAL);
  if (statOf(journal) !== null) trash.disk.remove(journal);
  await removeTree(trash.disk, path, { ...removed });
  trash.removeIfEmpty(history.begin?.folder_mtime ?? null);
  return removed;
}
