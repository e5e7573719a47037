import type { Kind } from "../kinds";
import type { FileRecord } from "./file-record";
import { joined, type BytePath } from "./byte-path";
import { addSums, noSums, sumsOf, type Sums } from "./sums";
import type { Clues } from "../content/clues";

/** What everything in a folder belongs to, whatever it is: told by what stands at the top of it. */
export type Surroundings = Extract<Kind, "environment" | "build" | "git" | "lfs">;

/**
 * One folder of the tree. Files that are too small to matter one by one are only summed up here, so that what the audit
 * holds grows with folders and large files and not with all files.
 */
export class Folder {
  readonly children: Folder[] = [];
  /** Its own entries, by kind. Those of `records` are not in it. */
  readonly small = new Map<Kind, Sums>();
  readonly records: FileRecord[] = [];
  /** What small files beside weights say of them. */
  clues: Clues = {};
  surroundings: Surroundings | null;
  /** What the disk gave the folder itself. Bytes. */
  ownSizeOnDisk = 0;
  /** Of its own files, what stays on the disk without this folder as long as their other names are not in it. Bytes. */
  sharedSizeOnDisk = 0;
  /** False when it could not be read, or lies on another disk. */
  isRead = true;
  nbEntries = 0;
  /** Symbolic links from outside of it that lead to it, and those that lead to it or to anything in it. */
  linkedBy = 0;
  linkedInto = 0;

  constructor(
    readonly name: BytePath,
    readonly parent: Folder | null,
  ) {
    this.surroundings = parent?.surroundings ?? null;
  }

  get path(): BytePath {
    return this.parent === null ? this.name : joined(this.parent.path, this.name);
  }

  /** Symbolic links that lead to it or to a folder it is in. */
  get linkedAbove(): number {
    return this.linkedBy + (this.parent?.linkedAbove ?? 0);
  }

  addSmall(kind: Kind, size: number, sizeOnDisk: number): void {
    const sums = sumsOf(this.small, kind);
    sums.apparent_size += size;
    sums.size_on_disk += sizeOnDisk;
    sums.nb_files += 1;
  }

  /** All in it is of one kind, as something in it told after other files were judged. */
  become(surroundings: Surroundings): void {
    this.surroundings = surroundings;
    const sum = sumOfKinds(this.small);
    this.small.clear();
    if (sum.nb_files > 0) this.small.set(surroundings, sum);
    for (const record of this.records) record.kind = surroundings;
  }

  /** Moves what was summed up as one kind to another one. */
  moveSmall(from: Kind, to: Kind): Sums {
    const sums = this.small.get(from) ?? noSums();
    if (from === to || sums.nb_files === 0) return sums;
    this.small.delete(from);
    addSums(sumsOf(this.small, to), sums);
    return sums;
  }
}

/** All folders from `root` down, each before what is in it, by name. */
export function* foldersOf(root: Folder): Generator<Folder> {
  const waiting = [root];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    yield folder;
    for (let index = folder.children.length - 1; index >= 0; index--) waiting.push(folder.children[index] as Folder);
  }
}

/** What each folder holds with all that is below it, by kind. */
export function totalsOf(root: Folder): Map<Folder, Map<Kind, Sums>> {
  const totals = new Map<Folder, Map<Kind, Sums>>();
  const folders = [...foldersOf(root)];
  for (const folder of folders.reverse()) {
    const own = new Map<Kind, Sums>();
    for (const [kind, sums] of folder.small) addSums(sumsOf(own, kind), sums);
    for (const { kind, size, sizeOnDisk } of folder.records)
      addSums(sumsOf(own, kind), { apparent_size: size, size_on_disk: sizeOnDisk, nb_files: 1 });
    for (const child of folder.children)
      for (const [kind, sums] of totals.get(child) ?? []) addSums(sumsOf(own, kind), sums);
    totals.set(folder, own);
  }
  return totals;
}

export function sumOfKinds(kinds: ReadonlyMap<Kind, Sums>): Sums {
  const sum = noSums();
  for (const sums of kinds.values()) addSums(sum, sums);
  return sum;
}
