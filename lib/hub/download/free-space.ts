import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { MemwellError } from "../../errors";
import { systemCodeOf } from "../folder";

/** Left free for what else needs the disk: a database that cannot write is worse than a model that is missing. */
export const SPARE_BYTES = 16 * 1024 * 1024;

/**
 * Throws `disk_full` when the disk of `folder`, or of the first folder above it that exists, cannot take so many bytes
 * more.
 */
export async function checkFreeSpace(folder: string, needed: number): Promise<void> {
  const free = await freeBytes(folder);
  if (free === null || needed === 0 || needed + SPARE_BYTES <= free) return;
  throw diskFull(folder, needed, free, null);
}

/** Bytes of the disk that a folder is on. */
export interface DiskSpace {
  /** What this user may still write. */
  free_size: number;
  total_size: number;
}

/** Null when the file system does not say. A folder that is not there yet will be on the disk of the one above it. */
export async function diskSpace(folder: string): Promise<DiskSpace | null> {
  try {
    const { bavail, bsize, blocks } = await statfs(folder);
    return blocks === 0 ? null : { free_size: bavail * bsize, total_size: blocks * bsize };
  } catch (thrown) {
    const parent = dirname(folder);
    return systemCodeOf(thrown) === "ENOENT" && parent !== folder ? diskSpace(parent) : null;
  }
}

/** Bytes that this user may still write; null when the file system does not say. */
export async function freeBytes(folder: string): Promise<number | null> {
  return (await diskSpace(folder))?.free_size ?? null;
}

/** What the file system threw while a download was written, for the user; a MemwellError stays as it is. */
export async function diskErrorOf(thrown: unknown, folder: string, needed: number): Promise<unknown> {
  if (thrown instanceof MemwellError || !(thrown instanceof Error) || !("syscall" in thrown)) return thrown;
  const code = systemCodeOf(thrown);
  if (isDiskFull(thrown)) return diskFull(folder, needed, (await freeBytes(folder)) ?? 0, thrown);
  return new MemwellError(
    "cache_invalid",
    `The cache folder ${folder} cannot be written (${code}). Make it writable, or name another one with HF_HUB_CACHE.`,
    { cache_dir: folder, system_code: code },
    { cause: thrown },
  );
}

/** The disk, or this user's share of it, has no more room. */
export function isDiskFull(thrown: unknown): boolean {
  return ["ENOSPC", "EDQUOT"].includes(systemCodeOf(thrown));
}

function diskFull(folder: string, needed: number, free: number, cause: unknown): MemwellError {
  return new MemwellError(
    "disk_full",
    `This download needs ${inMegabytes(needed)} more, and ${folder} has ${inMegabytes(free)} free. Free some with ` +
      `\`memwell cache prune\` or \`memwell cache rm\`, then try again.`,
    { cache_dir: folder, needed_bytes: needed, free_bytes: free, spare_bytes: SPARE_BYTES },
    { cause },
  );
}

function inMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
