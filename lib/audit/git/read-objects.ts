import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readSync, type Dirent } from "node:fs";
import { join } from "node:path";
import { constants, inflateSync } from "node:zlib";
import { Largest, LEAST_SIZE } from "./largest";
import { packedObjects } from "./pack-index";

/** An index of twenty million objects. Bytes. */
const MOST_INDEX_BYTES = 600_000_000;

/** Of an object, as much as says its type and size. Bytes. */
const HEAD_BYTES = 256;

/** Deflate makes nothing smaller than about a thousandth: what takes less cannot be large. Bytes. */
const LEAST_ON_DISK = LEAST_SIZE / 1100;

/**
 * The large files of a repository without git: what its packs and loose objects say. Names are not told there, and what no
 * branch leads to any more counts, too.
 */
export function readObjects(folder: string): { largest: Largest; isComplete: boolean } {
  const objects = join(folder, ".git", "objects");
  const largest = new Largest();
  let isComplete = lstatOrNull(objects)?.isDirectory() ?? false;
  for (const entry of entriesOf(objects)) {
    if (!entry.isDirectory() || !/^[0-9a-f]{2}$/.test(entry.name)) continue;
    for (const object of entriesOf(join(objects, entry.name)))
      if (object.isFile()) seeLoose(join(objects, entry.name, object.name), entry.name + object.name, largest);
  }
  const packs = join(objects, "pack");
  for (const { name } of entriesOf(packs)) {
    if (!/^pack-[0-9a-f]+\.idx$/.test(name)) continue;
    isComplete = seePack(join(packs, name), largest) && isComplete;
  }
  return { largest, isComplete };
}

/** A loose object is compressed; its first bytes say its type and size, as in git's `object-file.c`. */
function seeLoose(path: string, id: string, largest: Largest): void {
  const stats = lstatOrNull(path);
  if (stats === null || stats.size < LEAST_ON_DISK || !/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(id)) return;
  const head = headOf(path, 0);
  const match = head === null ? null : /^(\w+) (\d{1,15})\0/.exec(inflatedStart(head));
  if (match === null || match[1] !== "blob") return;
  largest.add({ id, size: Number(match[2]), size_on_disk: stats.size, path: null });
}

function inflatedStart(head: Buffer): string {
  try {
    return inflateSync(head, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 1 << 20 }).toString("latin1");
  } catch {
    return "";
  }
}

/** False when it could not be read. */
function seePack(indexPath: string, largest: Largest): boolean {
  const packPath = indexPath.replace(/idx$/, "pack");
  const [index, pack] = [lstatOrNull(indexPath), lstatOrNull(packPath)];
  if (index === null || pack === null || !index.isFile() || !pack.isFile() || index.size > MOST_INDEX_BYTES)
    return false;
  const found = packedObjects(readFileSync(indexPath), pack.size);
  if (found === null) return false;
  for (const { id, offset, sizeOnDisk } of found) {
    if (sizeOnDisk < LEAST_ON_DISK) continue;
    const head = headOf(packPath, offset);
    const type = head === null ? undefined : ((head[0] ?? 0) >> 4) & 7;
    const BLOB = 3;
    if (head !== null && type === BLOB)
      largest.add({ id, size: packedSize(head), size_on_disk: sizeOnDisk, path: null });
    // A difference to another object tells neither type nor size.
    else if (type === 6 || type === 7) largest.add({ id, size: null, size_on_disk: sizeOnDisk, path: null });
  }
  return true;
}

/** Four bits, then seven in each byte for as long as the highest bit is set: git, `Documentation/gitformat-pack`. */
function packedSize(head: Buffer): number {
  let byte = head[0] ?? 0;
  let size = byte & 15;
  let scale = 16;
  for (let index = 1; byte & 0x80 && index < 8; index++) {
    byte = head[index] ?? 0;
    size += (byte & 0x7f) * scale;
    scale *= 128;
  }
  return size;
}

function headOf(path: string, offset: number): Buffer | null {
  let file: number | null = null;
  try {
    file = openSync(path, "r");
    const head = Buffer.alloc(HEAD_BYTES);
    return head.subarray(0, readSync(file, head, 0, HEAD_BYTES, offset));
  } catch {
    return null;
  } finally {
    if (file !== null) closeSync(file);
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return lstatSync(folder).isDirectory() ? readdirSync(folder, { withFileTypes: true }) : [];
  } catch {
    return [];
  }
}

function lstatOrNull(path: string) {
  try {
    return lstatSync(path);
  } catch {
    return null;
  }
}
