import { lstatSync, realpathSync } from "node:fs";
import { toSystem, toText, type BytePath } from "./byte-path";
import type { FileRecord } from "./file-record";
import { pathOf } from "./file-record";
import { foldersOf, type Folder } from "./folder";
import type { Notes } from "./notes";
import { systemCodeOf } from "./system";

interface FoundLink {
  from: Folder;
  /** Where it really leads. */
  to: BytePath;
}

/** Where symbolic links lead. Nothing is followed: what they lead to is counted where it stands, and only there. */
export class Links {
  count = 0;
  readonly #toFiles: FoundLink[] = [];
  readonly #toFolders: FoundLink[] = [];

  constructor(
    readonly root: BytePath,
    readonly notes: Notes,
  ) {}

  found(path: BytePath, from: Folder, folderPath: BytePath): void {
    this.count += 1;
    const to = this.#end(path);
    if (to === null) return;
    if (!isInside(this.root, to)) {
      this.notes.add(
        "link-out",
        path,
        `this link leads out of the folder, to ${toText(to)}: not followed, not counted`,
      );
    } else if (isInside(to, folderPath)) {
      this.notes.add("link-circle", path, "this link leads to a folder that it stands in: not followed");
    } else {
      const target = targetOf(to);
      if (target === "file") this.#toFiles.push({ from, to });
      else if (target === "folder") this.#toFolders.push({ from, to });
    }
  }

  /** Tells files and folders what leads to them, once all of them are known. */
  attribute(root: Folder): void {
    if (this.#toFiles.length + this.#toFolders.length === 0) return;
    const folders = new Map([...foldersOf(root)].map((folder) => [folder.path, folder]));
    this.#attributeFiles(root, folders);
    for (const { from, to } of this.#toFolders) {
      const folder = folders.get(to);
      // What tools link within what they make goes together.
      if (folder === undefined || (from.surroundings !== null && folder.surroundings !== null)) continue;
      folder.linkedBy += 1;
      enter(folder, from);
    }
  }

  #attributeFiles(root: Folder, folders: ReadonlyMap<BytePath, Folder>): void {
    const records = new Map<BytePath, FileRecord>();
    for (const folder of foldersOf(root)) for (const record of folder.records) records.set(pathOf(record), record);
    for (const { from, to } of this.#toFiles) {
      const record = records.get(to);
      // A file that is too small for a record of its own is missed all the same.
      const folder = record?.folder ?? folders.get(to.slice(0, to.lastIndexOf("/")) || "/");
      if (folder !== undefined && (from.surroundings === null || folder.surroundings === null)) enter(folder, from);
      if (record === undefined) continue;
      record.linkedBy += 1;
      if (standsBeside(from, record.folder)) record.linkedFromBeside += 1;
    }
  }

  #end(path: BytePath): BytePath | null {
    try {
      return realpathSync.native(toSystem(path), "latin1");
    } catch (thrown) {
      const code = systemCodeOf(thrown);
      if (code === "ELOOP") this.notes.add("link-circle", path, "this link leads to itself in a circle");
      else this.notes.add("link-broken", path, `this link leads nowhere (${code})`);
      return null;
    }
  }
}

/** Both paths real. */
export function isInside(folder: BytePath, path: BytePath): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

function targetOf(path: BytePath): "file" | "folder" | null {
  try {
    const stats = lstatSync(toSystem(path));
    if (stats.isDirectory()) return "folder";
    return stats.isFile() ? "file" : null;
  } catch {
    return null;
  }
}

/** Counts a link for the folder it leads into, and for those above that it does not stand in. */
function enter(target: Folder, from: Folder): void {
  const above = new Set<Folder>();
  for (let folder: Folder | null = from; folder !== null; folder = folder.parent) above.add(folder);
  for (let folder: Folder | null = target; folder !== null && !above.has(folder); folder = folder.parent)
    folder.linkedInto += 1;
}

/** Whether a link's folder lies below the parent of `folder`, and not in `folder` itself: `snapshots/…` beside `blobs`. */
function standsBeside(from: Folder, folder: Folder): boolean {
  if (folder.parent === null) return false;
  for (let above: Folder | null = from; above !== null; above = above.parent) {
    if (above === folder) return false;
    if (above === folder.parent) return from !== folder.parent;
  }
  return false;
}
