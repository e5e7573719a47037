import { identify } from "../content/identify";
import { toText } from "../walk/byte-path";
import { pathOf, type FileRecord } from "../walk/file-record";
import { foldersOf, type Folder } from "../walk/folder";
import type { Notes } from "../walk/notes";
import type { Pauses } from "../walk/pauses";
import { systemCodeOf, withFile } from "../walk/system";

/** In a virtual environment, build output or git's store only files of this length are looked into. */
const LARGE_BYTES = 1_000_000;

/**
 * Reads the headers of all files that have a record, one after the other.
 *
 * @throws MemwellError `aborted`
 */
export async function identifyRecords(root: Folder, notes: Notes, pauses: Pauses): Promise<void> {
  for (const folder of foldersOf(root)) {
    for (const record of folder.records) {
      if (folder.surroundings === null || record.size >= LARGE_BYTES) await identifyRecord(record, notes);
      if (pauses.isDue) await pauses.take();
    }
  }
}

async function identifyRecord(record: FileRecord, notes: Notes): Promise<void> {
  const path = pathOf(record);
  try {
    const { content, clues } = await withFile(path, (file) => identify(file, toText(path)));
    record.content = content;
    if (record.folder.surroundings !== null) return;
    record.kind = content.kind;
    Object.assign(record.folder.clues, clues);
    if (content.problem !== null) notes.add("damaged", path, content.problem);
  } catch (thrown) {
    const code = systemCodeOf(thrown);
    if (code === "ENOENT") notes.add("vanished", path, "this file went away while the audit ran");
    else notes.add("unreadable", path, `this file cannot be read (${code}): counted, but not looked into`);
  }
}
