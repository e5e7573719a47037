import { existsSync, linkSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CacheView, Plan } from "../../../../lib/hub/clean/contract";
import { executePlan } from "../../../../lib/hub/clean/execute-plan";
import { planKeep } from "../../../../lib/hub/clean/plan-keep";
import { planPrune } from "../../../../lib/hub/clean/plan-prune";
import { planRemove } from "../../../../lib/hub/clean/plan-remove";
import { MemwellError } from "../../../../lib/errors";
import { commit, link, RepoBuilder, scratchFolder, writeSized } from "../helpers";
import { ageAll, bytesOf, openEverything, planned } from "./support";

const scratch = scratchFolder();
let caches = 0;

const NAMES = ["config.json", "model-Q4_K_M.gguf", "Q8_0/model.gguf", "a/b/c/deep.bin", "README.md"] as const;
const FOLDERS = ["models--org--one", "models--org--two", "datasets--org--one", "models--gpt2"] as const;
const COMMITS = ["aaaaaaa1", "bbbbbbb2", "ccccccc3"].map(commit);

const file = fc.record({
  name: fc.constantFrom(...NAMES),
  size: fc.constantFrom(0, 1, 10, 100, 1000),
  // A file of its own, a second name of another file's bytes, a link to a blob, into the shared store, to nowhere.
  // And, as no known tool makes them, links to another file of its snapshot, or of the one before.
  form: fc.constantFrom("real", "hard", "blob", "blob", "blob", "shared", "broken", "beside", "before"),
});
const revision = fc.record({
  commit: fc.constantFrom(...COMMITS),
  files: fc.uniqueArray(file, { selector: ({ name }) => name, maxLength: 5 }),
  refs: fc.uniqueArray(fc.constantFrom("main", "v1.0", "refs/pr/1"), { maxLength: 2 }),
  lists: fc.boolean(),
});
const repo = fc.record({
  folder: fc.constantFrom(...FOLDERS),
  revisions: fc.uniqueArray(revision, { selector: ({ commit: hash }) => hash, maxLength: 3 }),
  unused: fc.uniqueArray(fc.constantFrom(1, 7, 70), { maxLength: 2 }),
  incomplete: fc.uniqueArray(fc.constantFrom(3, 30, 300), { maxLength: 2 }),
  damage: fc.constantFrom(null, null, null, "stray file", "lost ref", "own file", "linked snapshot"),
});
const someRepos = fc.uniqueArray(repo, { selector: ({ folder }) => folder, minLength: 1, maxLength: 4 });
const targets = fc.uniqueArray(
  fc.constantFrom(
    "org/one",
    "dataset/org/one",
    "gpt2",
    "org/two@main",
    "org/one@v1.0",
    "org/two@aaaaaaa",
    "gpt2@ccccccc3",
    "dataset/org/one@refs/pr/1",
    "org/one:Q4_K_M",
    "org/two:Q8_0",
    "gpt2/a/b/c/deep.bin",
    "org/one/README.md",
    "org/one/.own-config.json",
    "org/two/.own-README.md",
    "org/two@bbbbbbb",
    "org/one@ddddddd",
    "dataset/org/one/config.json@main",
  ),
  { minLength: 1, maxLength: 5 },
);

type Repo = typeof repo extends fc.Arbitrary<infer Value> ? Value : never;

function build(repos: readonly Repo[]): string {
  const cache = join(scratch, `cache-${(caches += 1)}`);
  const store = new Map<number, string[]>();
  writeSized(join(cache, "CACHEDIR.TAG"), 1);
  for (const { folder, revisions, unused, incomplete, damage } of repos) {
    const builder = new RepoBuilder(cache, folder).revision(COMMITS[0] ?? "", {});
    for (const { commit: hash, files, refs, lists } of revisions) {
      builder.revision(hash, {});
      files.forEach((each) => addFile(builder, hash, each, store));
      refs.forEach((ref) => builder.ref(ref, hash));
      if (lists) writeSized(join(builder.path, "trees", `${hash}.json`), 11);
      if (lists) writeSized(join(builder.path, ".no_exist", hash, "sub", "none.json"), 0);
    }
    for (const size of unused) builder.blob("d".repeat(63) + String(size % 10), size);
    for (const size of incomplete) builder.blob(`${"e".repeat(64)}.0000${1000 + size}.incomplete`, size);
    if (damage === "stray file") writeSized(join(builder.path, "snapshots", "stray"), 13);
    if (damage === "own file") writeSized(join(builder.path, "notes", "own.txt"), 17);
    if (damage === "linked snapshot") link(builder.snapshot(commit("dddddddd")), builder.snapshot(COMMITS[1] ?? ""));
    if (damage === "lost ref") builder.ref("lost", commit("9"));
  }
  if (store.size > 0) writeFileSync(join(cache, "blobs", ".huggingface-shared-blobs"), "1\n");
  for (const [size, lines] of store) writeFileSync(`${payloadOf(cache, size)}.refs`, lines.join(""));
  ageAll(cache);
  return cache;
}

const payloadOf = (cache: string, size: number) => join(cache, "blobs", "5a", `5a${String(size).padStart(62, "0")}`);

function addFile(
  builder: RepoBuilder,
  hash: string,
  { name, size, form }: { name: string; size: number; form: string },
  store: Map<number, string[]>,
): void {
  const path = join(builder.snapshot(hash), name);
  const etag = String(size).padStart(64, "0");
  const blob = join(builder.path, "blobs", form === "shared" ? `f${etag.slice(1)}` : etag);
  if (form === "real") writeSized(path, size);
  else if (form === "hard") {
    writeSized(path, size);
    linkSync(path, `${path}.second`);
  } else if (form === "beside" || form === "before") {
    // Only ever from a later commit to an earlier one, and to a name that no link of these has: never in a circle.
    const other = form === "beside" ? hash : (COMMITS[Math.max(0, COMMITS.indexOf(hash) - 1)] ?? hash);
    const target = join(builder.snapshot(other), `.own-${name.replaceAll("/", "-")}`);
    if (size % 2 === 0) writeSized(target, size);
    else if (!existsSync(target)) link(target, builder.blob(etag, size));
    link(path, target);
  } else if (form === "blob") link(path, builder.blob(etag, size));
  else if (form === "broken") link(path, join(builder.path, "blobs", "gone"));
  else {
    link(path, blob);
    const line = `${blob.slice(builder.cache.length + 1)}\n`;
    const lines = store.get(size) ?? [];
    store.set(size, lines);
    if (lines.includes(line)) return;
    lines.push(line);
    writeSized(payloadOf(builder.cache, size), size);
    link(blob, payloadOf(builder.cache, size));
  }
}

type Cleaning = (view: CacheView) => Plan;

const cleaning: fc.Arbitrary<Cleaning> = fc.oneof(
  targets.map((texts): Cleaning => (view) => {
    const there = texts.filter((text) => isThere(() => planRemove(view, [text])));
    return there.length === 0 ? planPrune(view, { now: Date.now() }) : planRemove(view, there);
  }),
  fc.constantFrom([], ["org/one"], ["gpt2@aaaaaaa1"]).map(
    (pins): Cleaning =>
      (view) =>
        planPrune(view, { now: Date.now(), pins }),
  ),
  fc.record({ count: fc.nat(3), maxSize: fc.constantFrom(0, 100, 1200, 5000), datasets: fc.boolean() }).map(
    ({ count, maxSize, datasets }): Cleaning =>
      (view) =>
        planKeep(view, { count, maxSize, types: datasets ? ["model", "dataset"] : ["model"] }),
  ),
);

function isThere(plan: () => unknown): boolean {
  try {
    plan();
    return true;
  } catch (thrown) {
    if (thrown instanceof MemwellError) return false;
    throw thrown;
  }
}

/** What is no repository's and no payload: the marks of the cache and of its shared store. */
function bytesOfMarks(cache: string): number {
  const marks = [join(cache, "CACHEDIR.TAG"), join(cache, "blobs", ".huggingface-shared-blobs")];
  return marks.reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
}

describe("for any cache", { timeout: 60_000 }, () => {
  it("a plan frees exactly what it expects, and all that it leaves still opens", async () => {
    await fc.assert(
      fc.asyncProperty(someRepos, cleaning, async (repos, clean) => {
        const cache = build(repos);
        const opened = await openEverything(cache);
        const before = bytesOf(cache);
        const plan = await planned(cache, clean);
        const done = await executePlan(plan);

        expect(done.kept).toEqual([]);
        expect(done.removed).toHaveLength(plan.items.length);
        expect(plan.items.reduce((sum, item) => sum + item.freed_size, 0)).toBe(plan.expected_freed_size);
        expect(plan.held_size).toBe(before - bytesOfMarks(cache));
        expect(before - bytesOf(cache)).toBe(plan.expected_freed_size);
        expect(done.freed_size).toBe(plan.expected_freed_size);

        const paths = plan.items.flatMap((item) => item.paths);
        const stays = [...opened].filter(
          ([path]) => !paths.some((gone) => path === gone || path.startsWith(`${gone}/`)),
        );
        expect(await openEverything(cache)).toEqual(new Map(stays));
      }),
      { numRuns: 100 },
    );
  });
});
