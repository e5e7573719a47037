import { appendFileSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { commit, link, RepoBuilder, writeSized } from "./helpers";

/** One thing that happens to a cache. The numbers choose among a few names, so that changes meet each other. */
export interface Change {
  kind: keyof typeof CHANGES;
  repo: number;
  revision: number;
  file: number;
  size: number;
}

const REPOS = ["models--org--one", "datasets--org--two", "spaces--three"];
const FILES = ["config.json", "Q4_K_M/model.gguf", "a/b/deep.bin", "Q4_K_M/other.gguf"];
const REFS = ["main", "refs/pr/1", "v1.0"];

const CHANGES = {
  addFile: (at) => relink(at.snapshotFile, rewrite(at.blob, at.size)),
  addRealFile: (at) => rewrite(at.snapshotFile, at.size),
  removeFile: (at) => rmSync(at.snapshotFile, { force: true }),
  addEmptyRevision: (at) => mkdirSync(at.snapshot, { recursive: true }),
  removeRevision: (at) => rmSync(at.snapshot, { recursive: true, force: true }),
  removeRepo: (at) => rmSync(at.repo.path, { recursive: true, force: true }),
  removeBlob: (at) => rmSync(at.blob, { force: true }),
  addUnusedBlob: (at) => rewrite(`${at.blob.slice(0, -1)}f`, at.size),
  addSharedName: (at) => relink(at.snapshotFile, rewrite(join(at.repo.path, "blobs", "5".repeat(64)), at.size)),
  writeRef: (at) => writeRef(at.ref, at.commit),
  replaceRef: (at) => renameSync(writeRef(`${at.ref}.new`, at.commit), at.ref),
  removeRef: (at) => rmSync(at.ref, { recursive: true, force: true }),
  growDownload: (at) => appendFileSync(writeFolder(`${at.blob}.incomplete`), "x".repeat(at.size)),
  endDownload: (at) => renameSync(`${at.blob}.incomplete`, at.blob),
  writeTree: (at) => writeSized(join(at.repo.path, "trees", `${at.commit}.json`), at.size),
  writeMissing: (at) => writeSized(join(at.repo.path, ".no_exist", at.commit, at.file), 0),
  leaveJunk: (at) => writeSized(join(at.repo.path, "snapshots", at.size % 2 ? ".DS_Store" : "stray"), 1),
  removeJunk: (at) => rmSync(join(at.repo.path, "snapshots", "stray"), { force: true }),
  addPayload: (at) => rewrite(at.payload, at.size),
  removePayload: (at) => rmSync(at.payload, { force: true }),
  usePayload: (at) => relink(at.snapshotFile, relink(join(at.repo.path, "blobs", "a".repeat(64)), at.payload)),
  linkOutside: (at) => relink(at.snapshotFile, at.outside),
  changeOutside: (at) => writeSized(at.outside, at.size),
  linkFolder: (at) => relink(join(at.snapshot, "folder"), dirname(at.outside)),
  touchNothing: () => undefined,
} satisfies Record<string, (at: Place) => unknown>;

type Place = ReturnType<typeof placeOf>;

export const someChanges = fc.array(
  fc.record<Change>({
    kind: fc.constantFrom(...Object.keys(CHANGES).filter(isKind)),
    repo: fc.nat(REPOS.length - 1),
    revision: fc.nat(2),
    file: fc.nat(FILES.length - 1),
    size: fc.nat(40),
  }),
  { maxLength: 8 },
);

/** Makes the change where it can be made; what is not there cannot be removed or renamed. */
export function apply(cache: string, change: Change): void {
  try {
    CHANGES[change.kind](placeOf(cache, change));
  } catch (thrown) {
    const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
    if (!["ENOENT", "ENOTDIR", "EISDIR", "EEXIST", "ENOTEMPTY", "ERR_FS_EISDIR"].includes(code)) throw thrown;
  }
}

/** A folder with the shared store's marker. */
export function newStore(cache: string): void {
  writeFileSync(writeFolder(join(cache, "blobs", ".huggingface-shared-blobs")), "1\n");
}

/** Waits until whatever is written next carries a later time than all before, by a millisecond and as the disk counts. */
export function nextTick(folder: string): void {
  const path = join(folder, "clock");
  const timeOf = () => (writeFileSync(path, ""), statSync(path).ctimeMs);
  const before = timeOf();
  while (timeOf() < before + 1);
}

function placeOf(cache: string, { repo: index, revision, file, size }: Change) {
  const repo = new RepoBuilder(cache, REPOS[index]);
  const hash = commit(`c${revision}`);
  const etag = `${file}${revision % 2}`.padEnd(40, "0");
  return {
    repo,
    size,
    etag,
    commit: hash,
    file: FILES[file] ?? "",
    snapshot: repo.snapshot(hash),
    snapshotFile: join(repo.snapshot(hash), FILES[file] ?? ""),
    blob: join(repo.path, "blobs", etag),
    ref: join(repo.path, "refs", REFS[revision] ?? ""),
    payload: join(cache, "blobs", "ab", `ab${file}`.padEnd(64, "0")),
    outside: join(dirname(cache), "outside", "file.bin"),
  };
}

function relink(from: string, to: string): string {
  rmSync(from, { force: true });
  return link(from, to);
}

/** A new file in the place of the old one: huggingface_hub rewrites none. */
function rewrite(path: string, size: number): string {
  rmSync(path, { force: true });
  return writeSized(path, size);
}

function writeRef(path: string, text: string): string {
  writeFileSync(writeFolder(path), text);
  return path;
}

function writeFolder(path: string): string {
  mkdirSync(dirname(path), { recursive: true });
  return path;
}

function isKind(name: string): name is Change["kind"] {
  return name in CHANGES;
}
