import { MemwellError } from "../../errors";
import { joined, toText } from "../walk/byte-path";
import { systemCodeOf } from "../walk/system";
import { refuseInterrupted } from "./apply";
import type { EmptyOptions, EmptyResult } from "./contract";
import { Disk, isSystemError } from "./disk";
import { Entry } from "./entry";
import { refusalOf } from "./reasons";
import { removeEntry } from "./remove-entry";
import { openRoot } from "./root";
import { Trash } from "./trash";
import { entryNamed } from "./undo";

/**
 * Removes what lies in the trash for good.
 *
 * @throws MemwellError `not_found`, `conflict` when an apply runs or was interrupted, `aborted`
 */
export async function emptyTrash(folder: string, options: EmptyOptions = {}): Promise<EmptyResult> {
  const trash = new Trash(openRoot(folder), new Disk(options.onChange));
  const result: EmptyResult = { ids: [], nb_files: 0, apparent_size: 0, size_on_disk: 0, kept: [] };
  const ids = options.ids?.map((id) => entryNamed(trash, id)) ?? trash.ids();
  if (ids.length === 0) return result;
  const lock = trash.lock();
  try {
    refuseInterrupted(trash);
    for (const id of ids) await emptyEntry(trash, id, options, result);
    return result;
  } finally {
    lock.release();
  }
}

/** What the file system refuses stays, and is told. */
export async function emptyEntry(
  trash: Trash,
  id: string,
  { signal, onEvent }: EmptyOptions,
  result: EmptyResult,
): Promise<void> {
  const entry = Entry.open(trash.root, joined(trash.path, id), trash.disk);
  try {
    if (entry.history.doing !== "empty") entry.journal.append({ type: "empty" });
    const before = { nb_files: result.nb_files, size_on_disk: result.size_on_disk };
    const tell = onEvent && ((event: Parameters<NonNullable<typeof onEvent>>[0]): void => onEvent({ ...event, nb_files: before.nb_files + event.nb_files, size_on_disk: before.size_on_disk + event.size_on_disk })); // prettier-ignore
    const removed = await removeEntry(trash, entry, { signal, onEvent: tell });
    result.ids.push(id);
    result.nb_files += removed.nb_files;
    result.apparent_size += removed.apparent_size;
    result.size_on_disk += removed.size_on_disk;
  } catch (thrown) {
    if (signal?.aborted)
      throw new MemwellError("aborted", `Stopped: what is left of ${id} is removed by --resume.`, { id });
    if (!isSystemError(thrown)) throw thrown;
    const path = thrown.path === undefined ? toText(entry.path) : thrown.path;
    result.kept.push({ path, reason: `${refusalOf(thrown)} (${systemCodeOf(thrown)})` });
  } finally {
    entry.close();
  }
}
