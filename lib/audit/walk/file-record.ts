import type { Stats } from "node:fs";
import type { Kind } from "../kinds";
import type { Content } from "../content/content";
import { joined, toText, type BytePath } from "./byte-path";
import type { Folder } from "./folder";

/** Files from this length on are kept one by one; smaller ones are summed up, unless they hold a model. */
export const RECORD_BYTES = 64 * 1024;

/** One file that is worth a record. Sizes in bytes, times in seconds since 1970. */
export interface FileRecord {
  folder: Folder;
  name: BytePath;
  size: number;
  sizeOnDisk: number;
  modified: number;
  accessed: number;
  device: number;
  inode: number;
  /** Names of it in the file system, also outside of the folder. */
  nbLinks: number;
  kind: Kind;
  /** Null until it has been read, and where it could not be. */
  content: Content | null;
  /** Symbolic links inside the folder that lead to it. */
  linkedBy: number;
  /** Those of them that stand in a folder beside its own, as in a snapshot of the Hugging Face cache. */
  linkedFromBeside: number;
}

/** A file that nothing is known of yet but its `stat`. */
export function recordOf(folder: Folder, name: BytePath, stats: Stats, sizeOnDisk: number): FileRecord {
  return {
    folder,
    name,
    size: stats.size,
    sizeOnDisk,
    modified: stats.mtimeMs / 1000,
    accessed: stats.atimeMs / 1000,
    device: stats.dev,
    inode: stats.ino,
    nbLinks: stats.nlink,
    kind: folder.surroundings ?? "other",
    content: null,
    linkedBy: 0,
    linkedFromBeside: 0,
  };
}

export function pathOf(record: Pick<FileRecord, "folder" | "name">): BytePath {
  return joined(record.folder.path, record.name);
}

export function textPathOf(record: Pick<FileRecord, "folder" | "name">): string {
  return toText(pathOf(record));
}
