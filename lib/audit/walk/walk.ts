import { lstatSync, readdirSync, type Stats } from "node:fs";
import { joined, toSystem, type BytePath } from "./byte-path";
import { Folder } from "./folder";
import { RECORD_BYTES, recordOf } from "./file-record";
import { HardLinks } from "./hard-links";
import { Links } from "./links";
import { Notes } from "./notes";
import type { Pauses } from "./pauses";
import { SmallFiles, type SmallFile } from "../content/small-files";
import { surroundingsOf } from "./surroundings";
import { diskBytes, systemCodeOf } from "./system";
import { TRASH_FOLDER, TRASH_LEFT_OUT } from "./trash-folder";

export interface WalkOptions {
  /** Also into folders that are other disks mounted here. */
  crossMounts?: boolean | undefined;
  /** Files from this length on get a record each. Default: `RECORD_BYTES`. */
  recordBytes?: number | undefined;
}

export interface WalkedTree {
  root: Folder;
  notes: Notes;
  hardLinks: HardLinks;
  links: Links;
  smallFiles: SmallFiles;
  nbFolders: number;
  emptyFolders: Folder[];
}

/** Sums up a tree, folder by folder, without recursion: as deep as the file system allows. */
export class Walk {
  readonly notes = new Notes();
  readonly hardLinks = new HardLinks();
  readonly links: Links;
  readonly smallFiles = new SmallFiles();
  readonly #root: Folder;
  readonly #device: number;
  readonly #recordBytes: number;
  readonly #emptyFolders: Folder[] = [];
  #nbFolders = 0;

  /** @param path real, of a folder that is there */
  constructor(
    readonly path: BytePath,
    readonly options: WalkOptions,
  ) {
    const stats = lstatSync(toSystem(path));
    this.#root = new Folder(path, null);
    this.#root.ownSizeOnDisk = diskBytes(stats);
    this.#device = stats.dev;
    this.#recordBytes = options.recordBytes ?? RECORD_BYTES;
    this.links = new Links(path, this.notes);
  }

  /** @throws MemwellError `aborted` */
  async run(pauses: Pauses): Promise<WalkedTree> {
    const waiting: { folder: Folder; path: BytePath }[] = [{ folder: this.#root, path: this.path }];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { folder, path } = next;
      this.#nbFolders += 1;
      if (folder.isRead) await this.#readFolder(folder, path, pauses);
      for (let index = folder.children.length - 1; index >= 0; index--) {
        const child = folder.children[index] as Folder;
        child.surroundings = folder.surroundings;
        waiting.push({ folder: child, path: joined(path, child.name) });
      }
    }
    this.links.attribute(this.#root);
    const { notes, hardLinks, links, smallFiles } = this;
    const found = { root: this.#root, nbFolders: this.#nbFolders, emptyFolders: this.#emptyFolders };
    return { ...found, notes, hardLinks, links, smallFiles };
  }

  async #readFolder(folder: Folder, path: BytePath, pauses: Pauses): Promise<void> {
    const names = this.#namesIn(folder, path);
    folder.nbEntries = names.length;
    folder.surroundings = surroundingsOf(folder, names);
    if (names.length === 0 && folder.isRead) this.#emptyFolders.push(folder);
    const small: SmallFile[] = [];
    for (const name of names) {
      this.#readEntry(folder, path, name, small);
      pauses.nbSeen += 1;
      if (pauses.isDue) await pauses.take();
    }
    this.smallFiles.judge(folder, path, small);
  }

  #namesIn(folder: Folder, path: BytePath): BytePath[] {
    try {
      return readdirSync(toSystem(path), "latin1").sort();
    } catch (thrown) {
      folder.isRead = false;
      const code = systemCodeOf(thrown);
      if (code === "ENOENT") this.notes.add("vanished", path, "this folder went away while the audit ran");
      else this.notes.add("unreadable", path, `this folder cannot be read (${code}), so it is left out of the sums`);
      return [];
    }
  }

  #readEntry(folder: Folder, folderPath: BytePath, name: BytePath, small: SmallFile[]): void {
    const path = joined(folderPath, name);
    let stats: Stats;
    try {
      stats = lstatSync(toSystem(path));
    } catch (thrown) {
      const code = systemCodeOf(thrown);
      if (code === "ENOENT") this.notes.add("vanished", path, "this went away while the audit ran");
      else this.notes.add("unreadable", path, `this cannot be looked at (${code}), so it is left out of the sums`);
      return;
    }
    if (stats.isFile()) this.#file(folder, path, name, stats, small);
    else if (stats.isDirectory() && name === TRASH_FOLDER) this.#trash(folder, path);
    else if (stats.isDirectory()) this.#folder(folder, path, name, stats);
    else if (stats.isSymbolicLink()) {
      folder.addSmall(folder.surroundings ?? "other", stats.size, diskBytes(stats));
      this.links.found(path, folder, folderPath);
    } else this.notes.add("special-file", path, "this is a pipe, a socket or a device: it has no bytes to count");
  }

  /** Of this folder's own the audit says more. */
  #trash(parent: Folder, path: BytePath): void {
    if (parent !== this.#root) this.notes.add("trash", path, TRASH_LEFT_OUT);
  }

  #folder(parent: Folder, path: BytePath, name: BytePath, stats: Stats): void {
    const folder = new Folder(name, parent);
    folder.ownSizeOnDisk = diskBytes(stats);
    parent.children.push(folder);
    if (stats.dev === this.#device || this.options.crossMounts) return;
    folder.isRead = false;
    folder.ownSizeOnDisk = 0;
    this.notes.add("other-disk", path, "another disk is mounted here: left out, unless --cross-mounts is given");
  }

  #file(folder: Folder, path: BytePath, name: BytePath, stats: Stats, small: SmallFile[]): void {
    if (stats.nlink > 1 && this.hardLinks.isAnotherName(path, stats.size)) return;
    const sizeOnDisk = diskBytes(stats);
    if (stats.nlink > 1) folder.sharedSizeOnDisk += sizeOnDisk;
    if (stats.size < this.#recordBytes) {
      small.push({ name, stats, sizeOnDisk });
      return;
    }
    folder.records.push(recordOf(folder, name, stats, sizeOnDisk));
  }
}
