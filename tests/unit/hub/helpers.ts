import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterAll } from "vitest";
import { MemwellError } from "../../../lib/errors";

/** Sizes that name the file a wrong sum is about. */
export const SIZES = [1, 10, 100, 1000, 10000] as const;

/** A folder for one test file, removed at its end. */
export function scratchFolder(): string {
  const folder = join(tmpdir(), `memwell-hub-${randomBytes(6).toString("hex")}`);
  mkdirSync(folder, { recursive: true });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A hash of 40 hex digits that starts with these. */
export function commit(digits: string): string {
  return digits.padEnd(40, "0");
}

/** A git-sha1 that tells the size of its blob. */
export function etagOf(size: number): string {
  return String(size).padStart(40, "e");
}

export function writeSized(path: string, size: number): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, "x".repeat(size));
  return path;
}

export function link(from: string, to: string): string {
  mkdirSync(dirname(from), { recursive: true });
  symlinkSync(relative(dirname(from), to), from);
  return from;
}

/** Builds one repository of a cache; every step may be left out, so that what is built can be damaged. */
export class RepoBuilder {
  readonly path: string;

  constructor(
    readonly cache: string,
    folder = "models--org--name",
  ) {
    this.path = join(cache, folder);
    mkdirSync(this.path, { recursive: true });
  }

  /** A revision whose files, by path, have these sizes; files of one size are one blob. */
  revision(hash: string, files: Record<string, number>): this {
    mkdirSync(this.snapshot(hash), { recursive: true });
    for (const [name, size] of Object.entries(files)) {
      link(join(this.snapshot(hash), name), this.blob(etagOf(size), size));
    }
    return this;
  }

  /** The same where links are impossible: each file is there itself. */
  realRevision(hash: string, files: Record<string, number>): this {
    mkdirSync(this.snapshot(hash), { recursive: true });
    for (const [name, size] of Object.entries(files)) writeSized(join(this.snapshot(hash), name), size);
    return this;
  }

  ref(name: string, text: string): this {
    const path = join(this.path, "refs", name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return this;
  }

  blob(name: string, size: number): string {
    return writeSized(join(this.path, "blobs", name), size);
  }

  snapshot(hash: string): string {
    return join(this.path, "snapshots", hash);
  }
}

export async function failureOf(promise: Promise<unknown>): Promise<MemwellError> {
  try {
    await promise;
  } catch (thrown) {
    if (thrown instanceof MemwellError) return thrown;
    throw thrown;
  }
  throw new Error("nothing was thrown");
}
