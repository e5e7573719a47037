import { lstatSync, readdirSync, type Dirent } from "node:fs";
import { join, sep } from "node:path";
import { bytesOnDisk, systemCodeOf } from "../folder";

/** One real file. `inode` names the bytes: two paths with the same one are hard links. */
export interface FileFact {
  size: number;
  inode: string;
  /** How many names these bytes have, here or anywhere. */
  names: number;
  /** Seconds since 1970. */
  modified: number;
}

/** Null when there is no regular file at `path` itself. */
export function factOf(path: string): FileFact | null {
  const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (stats === undefined || !stats.isFile()) return null;
  return {
    size: bytesOnDisk(path, { size: Number(stats.size), blocks: Number(stats.blocks) }),
    inode: inodeOf(stats),
    names: Number(stats.nlink),
    modified: Number(stats.mtimeMs) / 1000,
  };
}

/** Of big numbers: two inodes may be one as a double. */
export function inodeOf({ dev, ino }: { dev: bigint; ino: bigint }): string {
  return `${dev}:${ino}`;
}

/**
 * Visits everything below a folder, each folder before what it holds, without following links: a folder that is itself
 * a link has nothing. What goes meanwhile is passed over; `refused` is told what cannot be read, and may throw.
 */
export function walk(
  root: string,
  visit: (path: string, entry: Dirent) => void,
  refused: (path: string, thrown: unknown) => void = () => {},
): void {
  if (!lstatSync(root, { throwIfNoEntry: false })?.isDirectory()) return;
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of entriesOf(folder, refused)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) folders.push(path);
      visit(path, entry);
    }
  }
}

/** `folder` (which ends with a separator) and one more part of `path`; `path` itself when it lies elsewhere. */
export function firstPart(folder: string, path: string): string {
  if (!path.startsWith(folder)) return path;
  const end = path.indexOf(sep, folder.length);
  return end === -1 ? path : path.slice(0, end);
}

/** For `walk`, where to know only a part would be worse than to fail. */
export function rethrow(_path: string, thrown: unknown): never {
  throw thrown;
}

function entriesOf(folder: string, refused: (path: string, thrown: unknown) => void): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (thrown) {
    if (systemCodeOf(thrown) !== "ENOENT") refused(folder, thrown);
    return [];
  }
}
