import { MemwellError } from "../../errors";
import { joined, toText } from "../walk/byte-path";
import type { UndoOptions, UndoResult } from "./contract";
import { Disk } from "./disk";
import { Entry } from "./entry";
import { openRoot } from "./root";
import { removeEntry } from "./remove-entry";
import { takeBack } from "./take-back";
import { Trash } from "./trash";

/**
 * Puts back what an apply has moved, the last first. What stands in the way stays, and so does what it hides.
 *
 * @param id default: the newest
 * @throws MemwellError `not_found`, `conflict`, `disk_full`
 */
export async function undoApply(folder: string, id?: string, options: UndoOptions = {}): Promise<UndoResult> {
  const trash = new Trash(openRoot(folder), new Disk(options.onChange));
  const found = entryNamed(trash, id);
  const lock = trash.lock();
  try {
    const entry = Entry.open(trash.root, joined(trash.path, found), trash.disk);
    let result: UndoResult;
    try {
      result = await undoEntry(entry, found, options);
    } finally {
      entry.close();
    }
    if (result.kept.length === 0) await removeEntry(trash, entry);
    return result;
  } finally {
    lock.release();
  }
}

/** Takes back what there is to take back. A signal ends it between two changes, as if it had been interrupted. */
export async function undoEntry(entry: Entry, id: string, { signal, onEvent }: UndoOptions): Promise<UndoResult> {
  const { history, journal } = entry;
  if (history.doing === "empty") {
    const message = `${id} was begun to be emptied: what is left of it cannot be put back as it was. --resume empties the rest.`;
    throw new MemwellError("conflict", message, { id });
  }
  if (history.doing !== "undo") journal.append({ type: "undo" });
  const result: UndoResult = { id, restored: [], kept: [] };
  const changes = [...history.changes].reverse();
  for (const [index, change] of changes.entries()) {
    await Promise.resolve();
    if (signal?.aborted) throw new MemwellError("aborted", `Stopped. --undo ${id} goes on with it.`, { id });
    if (change.isUndone) continue;
    const reason = takeBack(entry, change);
    const path = toText(change.line.path);
    if (reason !== null) result.kept.push({ path, reason });
    else if (change.line.type === "move") {
      result.restored.push(path);
      onEvent?.({ type: "path-restored", path, nb_done: index + 1, nb_all: changes.length });
    }
  }
  journal.append({ type: "undo-end", nb_kept: result.kept.length });
  return result;
}

/** @throws MemwellError `not_found` */
export function entryNamed(trash: Trash, id: string | undefined): string {
  const ids = trash.ids();
  const found = id === undefined ? ids.at(-1) : ids.find((one) => one === id);
  if (found !== undefined) return found;
  const folder = toText(trash.root.path);
  const which = id === undefined ? "Nothing was applied" : `Nothing with the id ${JSON.stringify(id)} was applied`;
  throw new MemwellError("not_found", `${which} in ${folder}, or its trash was emptied. --trash lists what there is.`, {
    folder,
    id: id ?? null,
  });
}
