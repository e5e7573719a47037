import { copyFileSync, mkdirSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { dirname, join, relative } from "node:path";

import { ensureFixtureModel } from "../../tests/fixtures/models";

const DAY_S = 86_400;
const TUTOR = "models--tutors--fractions-1.5B-GGUF";

/** The revision that the picture opens. */
export const OPENED = { repo: "model/tutors/fractions-1.5B-GGUF", commit: hash("sha1", "fractions new") };

interface Revision {
  commit: string;
  ref: string | null;
  /** Bytes by name. */
  files: Record<string, number>;
}

/**
 * A cache as an owner of a Space may have it, of files that are as long as real ones and take next to nothing of the disk.
 *
 * @param cache made here
 * @returns the path of a model in it that can be loaded
 */
export async function makeCacheFolder(cache: string): Promise<string> {
  repo(cache, TUTOR, 0, [
    {
      commit: OPENED.commit,
      ref: "main",
      files: { "fractions-1.5B-F16.gguf": 3.09e9, "fractions-1.5B-Q8_0.gguf": 1.65e9, "README.md": 4_211 },
    },
    {
      commit: hash("sha1", "fractions old"),
      ref: null,
      files: { "fractions-1.5B-Q4_K_M.gguf": 984e6, "README.md": 4_211 },
    },
  ]);
  const model = join(cache, TUTOR, "snapshots", OPENED.commit, "fractions-1.5B-Q4_K_M.gguf");
  const blob = join(cache, TUTOR, "blobs", hash("sha256", "a model that loads"));
  copyFileSync(await ensureFixtureModel("tiny"), blob);
  truncateSync(blob, 986e6);
  symlinkSync(relative(dirname(model), blob), model);

  single(cache, "models--lab--reasoner-4B-GGUF", 1, {
    "reasoner-4B-Q8_0.gguf": 4.28e9,
    "reasoner-4B-Q3_K_M.gguf": 1.88e9,
  });
  sized(join(cache, "models--lab--reasoner-4B-GGUF", "blobs", `${hash("sha256", "half")}.incomplete`), 812e6, 0);
  single(cache, "models--lab--instruct-3B-GGUF", 12, { "instruct-3B-Q4_K_M.gguf": 2.02e9, "README.md": 2_118 });
  sized(join(cache, "models--lab--instruct-3B-GGUF", "blobs", hash("sha256", "nobody's")), 640e6, 12);
  single(cache, "models--lab--small-1B-it", 75, { "model.safetensors": 2e9, "config.json": 811 });
  const lost = join(
    cache,
    "models--lab--small-1B-it",
    "snapshots",
    hash("sha1", "models--lab--small-1B-it"),
    "vocab.json",
  );
  symlinkSync("../../blobs/gone", lost);
  single(cache, "models--lab--sentence-embeddings", 40, { "model.safetensors": 90.9e6, "config.json": 612 });
  single(cache, "datasets--tutors--practice-questions", 9, {
    "train.jsonl": 2.1e6,
    "test.jsonl": 580e3,
    "README.md": 3_001,
  });
  return model;
}

function single(cache: string, folder: string, daysAgo: number, files: Record<string, number>): void {
  repo(cache, folder, daysAgo, [{ commit: hash("sha1", folder), ref: "main", files }]);
}

function repo(cache: string, folder: string, daysAgo: number, revisions: readonly Revision[]): void {
  for (const { commit, ref, files } of revisions) {
    for (const [name, bytes] of Object.entries(files)) {
      const blob = join(cache, folder, "blobs", hash("sha256", `${name} ${bytes}`));
      sized(blob, bytes, daysAgo);
      const file = join(cache, folder, "snapshots", commit, name);
      mkdirSync(dirname(file), { recursive: true });
      symlinkSync(relative(dirname(file), blob), file);
    }
    if (ref === null) continue;
    mkdirSync(join(cache, folder, "refs"), { recursive: true });
    writeFileSync(join(cache, folder, "refs", ref), commit);
  }
}

/** A file that is one hole. */
function sized(path: string, bytes: number, daysAgo: number): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, "");
  truncateSync(path, bytes);
  const seconds = Date.now() / 1000 - daysAgo * DAY_S;
  utimesSync(path, seconds, seconds);
}

function hash(algorithm: "sha1" | "sha256", text: string): string {
  return createHash(algorithm).update(text).digest("hex");
}
