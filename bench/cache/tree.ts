import { createHash } from "node:crypto";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const REPOS = 500;
const REVISIONS = 3;
const FILES = 40;
/** One file in four differs from revision to revision; one in eight is large, and so named by its sha256. */
const CHANGED = 4;
const LARGE = 8;

/**
 * 500 repositories with 3 revisions of 40 files: 60,000 links to 30,000 blobs. All files stand in the revision's own
 * folder, since the scanner of @huggingface/hub, which is measured beside ours, passes over subfolders.
 */
export function buildTree(cacheDir: string): void {
  for (let repo = 0; repo < REPOS; repo++) buildRepo(repoPath(cacheDir, repo), String(repo));
}

export function repoPath(cacheDir: string, repo: number): string {
  return join(cacheDir, `models--organisation-${repo % 40}--name-${repo}`);
}

/** One more file in the last revision of a repository; answers its path. */
export function addFile(cacheDir: string, repo: number, name: string): string {
  const path = repoPath(cacheDir, repo);
  const etag = hash("sha1", `${repo}-${name}`);
  writeFileSync(join(path, "blobs", etag), "x");
  const file = join(path, "snapshots", commitOf(String(repo), REVISIONS - 1), name);
  symlinkSync(`../../blobs/${etag}`, file);
  return file;
}

function buildRepo(path: string, seed: string): void {
  mkdirSync(join(path, "blobs"), { recursive: true });
  mkdirSync(join(path, "refs"));
  for (let revision = 0; revision < REVISIONS; revision++) {
    const snapshot = join(path, "snapshots", commitOf(seed, revision));
    mkdirSync(snapshot, { recursive: true });
    for (let file = 0; file < FILES; file++) {
      const isNew = revision === 0 || file % CHANGED === 0;
      const content = `${seed}-${isNew ? revision : 0}-${file}`;
      const etag = hash(file % LARGE === 0 ? "sha256" : "sha1", content);
      if (isNew) writeFileSync(join(path, "blobs", etag), content);
      symlinkSync(`../../blobs/${etag}`, join(snapshot, `model-${file}.safetensors`));
    }
  }
  writeFileSync(join(path, "refs", "main"), commitOf(seed, REVISIONS - 1));
}

function commitOf(seed: string, revision: number): string {
  return hash("sha1", `commit ${seed} ${revision}`);
}

function hash(algorithm: "sha1" | "sha256", text: string): string {
  return createHash(algorithm).update(text).digest("hex");
}
