import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll } from "vitest";

export { failureOf } from "../../fixtures/failure-of";

/** Sizes that name the file a wrong sum is about. */
export const SIZES = [1, 10, 100, 1000, 10000] as const;

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** The user that every system has and that owns nothing. */
const NOBODY = 65534;

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

/** Builds a file of `lib/hub` with all it imports, as the build does. */
export function bundleHub(source: string, outfile: string): Promise<unknown> {
  return build({
    entryPoints: [join(ROOT, "lib/hub", source)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
  });
}

/**
 * Scans in a process of its own that is not root, to whom permissions apply. Answers the scan, or the error's record.
 * The program is built into `folder`, since somebody else may not be allowed to read this repository.
 */
export async function scanAsNobody(folder: string, cacheDir: string): Promise<unknown> {
  const program = join(folder, "scan-as-nobody.mjs");
  await build({
    stdin: {
      contents: `import { scanCache } from "./lib/hub/scan/scan";
        const answer = await scanCache(process.argv[2]).catch((thrown) => thrown.toRecord());
        process.stdout.write(JSON.stringify(answer));`,
      resolveDir: ROOT,
      loader: "ts",
    },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile: program,
  });
  const isRoot = process.getuid?.() === 0;
  const { stdout } = await promisify(execFile)(process.execPath, [program, cacheDir], {
    cwd: folder,
    ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
  });
  return JSON.parse(stdout);
}
