import { randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { readJsonText } from "../json-file";
import { NO_ENTRIES, type Manifest } from "./contract";
import { manifestText } from "./entries";
import { parseManifest } from "./parse";

/** Ten thousand entries with long names. Bytes. */
const MOST_BYTES = 16_000_000;

/** @throws MemwellError `not_found`, `invalid_json`, `invalid_request` */
export function readManifest(path: string): Manifest {
  return parseManifest(readJsonText(path, "manifest", MOST_BYTES), path);
}

/** As `readManifest`; without a file there, one that names nothing. */
export function readManifestIfThere(path: string): Manifest {
  return existsSync(path) ? readManifest(path) : NO_ENTRIES;
}

/**
 * Writes a manifest: whoever reads the file meanwhile, or after a crash, finds the one before or this one.
 *
 * @throws MemwellError `invalid_request` for one that `readManifest` would refuse; what the file system throws
 */
export function writeManifest(path: string, manifest: Manifest): void {
  const text = manifestText(manifest, path);
  const partial = `${path}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    syncedWrite(partial, text);
    renameSync(partial, path);
    syncFolder(dirname(path));
  } finally {
    rmSync(partial, { force: true });
  }
}

function syncedWrite(path: string, text: string): void {
  const file = openSync(path, "wx", 0o644);
  try {
    const bytes = Buffer.from(text);
    for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** The new name is on the disk only then; Windows has no such call, and needs none. */
function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const opened = openSync(folder, "r");
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}
