import { copyFileSync, constants, mkdirSync } from "node:fs";
import { createHash } from "node:crypto";
import { dirname } from "node:path";
import { REFS, SNAPSHOTS, BLOBS } from "../../hub/layout";
import { joined, toSystem, toText, type BytePath } from "../walk/byte-path";
import { cacheRepoPath, nameInCache, refOf, snapshotFile, stagingFolder } from "./cache-name";
import type { Moved } from "./carry-out";
import type { Sizes } from "./contract";
import { identityOf, isSystemError, statOf } from "./disk";
import type { Entry } from "./entry";
import { sha256Of } from "./hash";
import { sizesAt } from "./put-link";
import { LeftAlone } from "./reasons";
import type { Prepared, Run } from "./run";
import { addTo, noSizes } from "./weigher";

/** Where the files of a step go in the cache of this machine. */
export interface CachePlace {
  cacheDir: BytePath;
  /** Where its folder is made before it is moved into its place. */
  staged: BytePath;
  repoPath: BytePath;
  commit: string;
  files: { path: BytePath; name: BytePath; sha256: string }[];
}

/** Hashes the files, which names what becomes of them. @throws LeftAlone */
export async function prepareCache(run: Run, entry: Entry, { step, moves, follow }: Prepared): Promise<CachePlace> {
  if (follow?.type !== "cache") throw new LeftAlone("there is no Hugging Face cache to move it to");
  const files: CachePlace["files"] = [];
  const hash = run.helpers.cache?.sha256 ?? sha256Of;
  for (const path of moves) {
    const sha256 = await hash(joined(run.root.path, path), run.signal);
    files.push({ path, name: nameInCache(path), sha256 });
  }
  const [first] = files;
  if (first === undefined || new Set(files.map(({ name }) => name)).size < files.length)
    throw new LeftAlone("its files have the same names, and one repository has each name once");
  const content = JSON.stringify(files.map(({ name, sha256 }) => [name, sha256]));
  const commit = createHash("sha256").update(content, "latin1").digest("hex").slice(0, 40);
  const { cacheDir } = follow;
  const id = entry.path.slice(entry.path.lastIndexOf("/") + 1);
  return {
    cacheDir,
    staged: joined(stagingFolder(cacheDir), `memwell-${id}-${step.id}`),
    repoPath: cacheRepoPath(cacheDir, first.path, commit),
    commit,
    files,
  };
}

/** Puts what was moved into the cache, and links in its place. Answers what stays on the disk of it. */
export async function putInCache(entry: Entry, step: string, moved: Moved, place: CachePlace): Promise<Sizes> {
  const left = noSizes();
  const { repoPath, staged } = place;
  const isNew = statOf(repoPath) === null;
  if (isNew) {
    await makeRepo(entry, moved, place);
    entry.place(step, repoPath, () => undefined, { staged });
  } else {
    checkRepo(place);
    const ref = joined(joined(repoPath, REFS), refOf(entry.root.path));
    makeFolders(dirname(staged));
    if (statOf(ref) === null) entry.place(step, ref, () => entry.disk.writeNew(staged, place.commit), { staged });
  }
  for (const [index, { path, kept }] of moved.paths.entries()) {
    const file = place.files[index];
    if (file === undefined) throw new LeftAlone(`${toText(path)} is not in the cache`);
    entry.place(step, path, (at) => entry.disk.symbolicLink(at, snapshotFile(repoPath, place.commit, file.name)));
    addTo(left, sizesAt(joined(entry.root.path, path)));
    const [mine, cached] = [statOf(kept), statOf(joined(joined(repoPath, BLOBS), file.sha256))];
    // The same file under another name: its blocks stay.
    if (mine !== null && cached !== null && identityOf(mine) === identityOf(cached))
      left.size_on_disk += Number(mine.blocks) * 512;
  }
  return left;
}

async function makeRepo({ disk, root }: Entry, moved: Moved, { staged, commit, files }: CachePlace): Promise<void> {
  const [blobs, snapshots, refs] = [BLOBS, SNAPSHOTS, REFS].map((name) => joined(staged, name)) as [string, string, string]; // prettier-ignore
  const snapshot = joined(snapshots, commit);
  makeFolders(dirname(staged));
  for (const folder of [staged, blobs, snapshots, snapshot, refs]) disk.makeFolder(folder);
  for (const [index, { kept }] of moved.paths.entries()) {
    const { name, sha256 } = files[index] as CachePlace["files"][number];
    const blob = joined(blobs, sha256);
    if (statOf(blob) === null) await putBlob(disk, kept, blob, sha256);
    disk.symbolicLink(joined(snapshot, name), `../../${BLOBS}/${sha256}`);
  }
  disk.writeNew(joined(refs, "main"), commit);
  disk.writeNew(joined(refs, refOf(root.path)), commit);
}

/** One more name on the same disk; a copy on another one, which is read again before anything relies on it. */
async function putBlob(disk: Entry["disk"], from: BytePath, blob: BytePath, sha256: string): Promise<void> {
  try {
    disk.hardLink(blob, from);
  } catch (thrown) {
    if (!isSystemError(thrown) || !["EXDEV", "EPERM", "ENOTSUP", "EMLINK"].includes(thrown.code ?? "")) throw thrown;
    copyFileSync(toSystem(from), toSystem(blob), constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  }
  if (statOf(blob)?.nlink === 1n && (await sha256Of(blob)) !== sha256)
    throw new LeftAlone("the copy in the cache is not what it was made of");
}

/** By its sizes: its names are those of the bytes. */
function checkRepo({ repoPath, commit, files }: CachePlace): void {
  for (const { name, sha256 } of files) {
    const isThere = statOf(joined(joined(repoPath, BLOBS), sha256))?.isFile() === true;
    const isShown = statOf(snapshotFile(repoPath, commit, name)) !== null;
    if (!isThere || !isShown) throw new LeftAlone(`${toText(repoPath)} in the cache is not whole`);
  }
}

function makeFolders(path: BytePath): void {
  mkdirSync(toSystem(path), { recursive: true });
}
