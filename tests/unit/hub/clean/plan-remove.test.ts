import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkPlanId } from "../../../../lib/hub/clean/build-plan";
import { planRemove } from "../../../../lib/hub/clean/plan-remove";
import { scanCache } from "../../../../lib/hub/scan/scan";
import { commit, etagOf, link, RepoBuilder, scratchFolder, writeSized } from "../helpers";
import { bytesOf, cleaned, DETACHED, MAIN, openEverything, planned, PULL_REQUEST, threeRevisions } from "./support";

const scratch = scratchFolder();
let caches = 0;
const newCache = () => join(scratch, `cache-${(caches += 1)}`);
const remove =
  (...targets: string[]) =>
  (view: Parameters<typeof planRemove>[0]) =>
    planRemove(view, targets);

describe("a file whose name has the letters that part a target", () => {
  const files = { "notes:Q4_K_M": 1, "model-Q4_K_M.gguf": 10, "a:b/c.gguf": 100, "x@main": 1000, "y:z@main": 10000 };

  it.each([
    { target: "org/name/notes:Q4_K_M", file: "notes:Q4_K_M" },
    { target: `model/org/name/notes:Q4_K_M@${MAIN}`, file: "notes:Q4_K_M" },
    { target: "org/name/notes:Q4_K_M@main", file: "notes:Q4_K_M" },
    { target: "org/name/a:b/c.gguf", file: "a:b/c.gguf" },
    { target: `org/name/a:b@${MAIN}`, file: "a:b/c.gguf" },
    { target: "org/name/x@main", file: "x@main" },
    { target: `org/name/x@main@${MAIN}`, file: "x@main" },
    { target: "org/name/y:z@main", file: "y:z@main" },
    { target: `org/name/y:z@main@${MAIN}`, file: "y:z@main" },
    { target: "org/name:Q4_K_M@main", file: "model-Q4_K_M.gguf" },
  ])("$target is $file alone", async ({ target, file }) => {
    const { cache } = new RepoBuilder(newCache(), "models--org--name").revision(MAIN, files).ref("main", MAIN);
    const { items } = await planned(cache, remove(target));
    expect(items.map((item) => item.file)).toEqual([file]);
  });
});

describe("removing revisions", () => {
  it.each([
    { name: "the detached one", targets: [DETACHED], freed: 10, left: [MAIN, PULL_REQUEST] },
    { name: "the pull request", targets: ["org/name@refs/pr/1"], freed: 100, left: [MAIN, DETACHED] },
    { name: "both", targets: [DETACHED, PULL_REQUEST], freed: 1110, left: [MAIN] },
    {
      name: "main, by the beginning of its hash",
      targets: ["org/name@aaaaaaa"],
      freed: 1,
      left: [DETACHED, PULL_REQUEST],
    },
    { name: "all of them", targets: [DETACHED, PULL_REQUEST, MAIN], freed: 11111, left: null },
    { name: "the repository", targets: ["org/name"], freed: 11111, left: null },
    { name: "the repository and one of its revisions", targets: ["org/name", DETACHED], freed: 11111, left: null },
  ])("$name frees $freed bytes", async ({ targets, freed, left }) => {
    const { cache, path } = threeRevisions(newCache());
    const plan = await planned(cache, remove(...targets));
    expect(plan.expected_freed_size).toBe(freed);
    expect(plan.items.reduce((sum, item) => sum + item.freed_size, 0)).toBe(freed);
    const before = bytesOf(cache);
    const done = await cleaned(cache, remove(...targets));
    expect(done).toMatchObject({ id: plan.id, action: "rm", freed_size: freed, kept: [], warnings: [] });
    expect(before - bytesOf(cache)).toBe(freed);
    if (left === null) expect(existsSync(path)).toBe(false);
    else expect(readdirSync(join(path, "snapshots")).sort()).toEqual([...left].sort());
    expect(await scanCache(cache)).toMatchObject({ warnings: [] });
    await openEverything(cache);
  });

  it("takes refs, file list and what the Hub does not have with the revision, and says so", async () => {
    const repo = threeRevisions(newCache()).ref("v1", PULL_REQUEST);
    writeSized(join(repo.path, "trees", `${PULL_REQUEST}.json`), 5);
    writeSized(join(repo.path, "trees", `${MAIN}.json`), 5);
    writeSized(join(repo.path, ".no_exist", PULL_REQUEST, "deep", "adapter.json"), 0);
    const plan = await planned(repo.cache, remove("org/name@v1"));
    expect(plan.items).toEqual([
      {
        kind: "revision",
        repo_type: "model",
        repo_id: "org/name",
        commit_hash: PULL_REQUEST,
        file: null,
        paths: [
          repo.snapshot(PULL_REQUEST),
          join(repo.path, "trees", `${PULL_REQUEST}.json`),
          join(repo.path, ".no_exist", PULL_REQUEST),
          join(repo.path, "blobs", etagOf(100)),
        ],
        refs: ["refs/pr/1", "v1"],
        freed_size: 105,
        reason: "org/name@v1 was asked to be removed",
      },
    ]);
    expect((await cleaned(repo.cache, remove("org/name@v1"))).freed_size).toBe(105);
    expect(readdirSync(join(repo.path, "refs"))).toEqual(["main"]);
    expect(readdirSync(join(repo.path, "trees"))).toEqual([`${MAIN}.json`]);
    expect(readdirSync(join(repo.path, ".no_exist"))).toEqual([]);
  });

  it("counts a blob that two of them show for the last one only", async () => {
    const plan = await planned(threeRevisions(newCache()).cache, remove(DETACHED, PULL_REQUEST));
    expect(plan.items.map((item) => item.freed_size)).toEqual([10, 1100]);
  });

  it("counts every copy where links are impossible", async () => {
    const repo = new RepoBuilder(newCache())
      .realRevision(MAIN, { "a.txt": 1, "sub/b.txt": 100 })
      .realRevision(DETACHED, { "a.txt": 10, "sub/b.txt": 1000 })
      .ref("main", MAIN);
    expect(await cleaned(repo.cache, remove(DETACHED))).toMatchObject({ freed_size: 1010, kept: [] });
    expect(bytesOf(repo.cache)).toBe(101);
  });

  it("takes a damaged repository with all that is in its folder", async () => {
    const repo = new RepoBuilder(newCache()).revision(MAIN, { "a.txt": 10 }).ref("main", commit("dead"));
    link(join(repo.snapshot(MAIN), "broken"), join(repo.path, "blobs", "gone"));
    repo.blob(`${etagOf(100)}.incomplete`, 100);
    writeSized(join(repo.path, "notes.txt"), 1000);
    expect(await cleaned(repo.cache, remove("org/name"))).toMatchObject({ freed_size: 1110, kept: [] });
    expect(existsSync(repo.path)).toBe(false);
  });

  it("leaves the other type of the same name alone", async () => {
    const { cache, path } = threeRevisions(newCache());
    const dataset = new RepoBuilder(cache, "datasets--org--name").revision(MAIN, { "a.txt": 10 });
    expect((await planned(cache, remove("org/name"))).expected_freed_size).toBe(11111);
    expect(await cleaned(cache, remove("dataset/org/name"))).toMatchObject({ freed_size: 10 });
    expect([existsSync(path), existsSync(dataset.path)]).toEqual([true, false]);
  });
});

describe("removing files", () => {
  const quants = {
    "README.md": 1,
    "model-Q4_K_M.gguf": 10,
    "Q8_0/model-00001-of-00002.gguf": 100,
    "Q8_0/model-00002-of-00002.gguf": 1000,
  };

  it.each([
    { target: "org/name:q4_k_m", freed: 10, left: ["Q8_0", "README.md"] },
    { target: "org/name:Q8_0", freed: 1100, left: ["README.md", "model-Q4_K_M.gguf"] },
    { target: "org/name/Q8_0/model-00001-of-00002.gguf", freed: 100, left: ["Q8_0", "README.md", "model-Q4_K_M.gguf"] },
    { target: "org/name/Q8_0", freed: 1100, left: ["README.md", "model-Q4_K_M.gguf"] },
    { target: "model/org/name/README.md@main", freed: 1, left: ["Q8_0", "model-Q4_K_M.gguf"] },
  ])("$target frees $freed bytes and leaves $left", async ({ target, freed, left }) => {
    const repo = new RepoBuilder(newCache()).revision(MAIN, quants).ref("main", MAIN);
    const before = bytesOf(repo.cache);
    expect((await planned(repo.cache, remove(target))).expected_freed_size).toBe(freed);
    expect(await cleaned(repo.cache, remove(target))).toMatchObject({ freed_size: freed, kept: [] });
    expect(before - bytesOf(repo.cache)).toBe(freed);
    expect(readdirSync(repo.snapshot(MAIN)).sort()).toEqual(left);
    expect((await scanCache(repo.cache)).warnings).toEqual([]);
  });

  it("takes a file from every revision that shows it, and its blob with the last", async () => {
    const repo = threeRevisions(newCache());
    const plan = await planned(repo.cache, remove("org/name/both.bin"));
    expect(plan.items).toMatchObject([
      { kind: "file", commit_hash: DETACHED, file: "both.bin", freed_size: 0 },
      { kind: "file", commit_hash: PULL_REQUEST, file: "both.bin", freed_size: 1000 },
    ]);
    expect(await cleaned(repo.cache, remove("org/name/both.bin"))).toMatchObject({ freed_size: 1000 });
  });

  it("leaves the blob that another revision shows", async () => {
    const repo = threeRevisions(newCache());
    expect(await cleaned(repo.cache, remove("org/name/both.bin@refs/pr/1"))).toMatchObject({ freed_size: 0, kept: [] });
    expect(readdirSync(repo.snapshot(PULL_REQUEST)).sort()).toEqual(["pull.txt", "shared.gguf"]);
    expect((await openEverything(repo.cache)).get(join(repo.snapshot(DETACHED), "both.bin"))).toBe(1000);
  });

  it("takes a revision that no file would be left in, with its refs", async () => {
    const repo = new RepoBuilder(newCache())
      .revision(MAIN, { "a-Q4_K_M.gguf": 10, "b-Q4_K_M.gguf": 100 })
      .revision(DETACHED, { "README.md": 1 })
      .ref("main", MAIN);
    expect((await planned(repo.cache, remove("org/name:Q4_K_M"))).items).toMatchObject([
      { kind: "revision", commit_hash: MAIN, refs: ["main"], freed_size: 110 },
    ]);
    await cleaned(repo.cache, remove("org/name:Q4_K_M"));
    expect(existsSync(repo.snapshot(MAIN))).toBe(false);
    expect((await scanCache(repo.cache)).warnings).toEqual([]);
  });

  it("takes a file whose name has an @", async () => {
    const { cache } = new RepoBuilder(newCache()).revision(MAIN, { "icon@2x.png": 10, "b.txt": 1 }).ref("main", MAIN);
    expect((await planned(cache, remove("org/name/icon@2x.png"))).expected_freed_size).toBe(10);
  });
});

describe("what no plan can be made for", () => {
  it.each([
    ["org/nam", "repo_not_found", "org/name"],
    ["dataset/org/name", "repo_not_found", "cache ls"],
    ["model/name@main", "repo_not_found", "model/org/name"],
    ["org/name@mian", "revision_not_found", "main"],
    ["org/name@0123456", "revision_not_found", MAIN],
    ["f".repeat(40), "revision_not_found", "cache ls"],
    ["org/name/pul.txt", "file_not_found", "pull.txt"],
    ["org/name:Q4_K_M", "file_not_found", "ORG/NAME:QUANT"],
  ])("%s is a %s, and the message helps", async (target, code, hint) => {
    const { cache } = threeRevisions(newCache());
    await expect(planned(cache, remove(target))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(hint),
      fields: { target },
    });
  });

  it("is the beginning of a hash that two revisions have, and no target at all", async () => {
    const repo = new RepoBuilder(newCache()).revision(commit("abcdef01"), {}).revision(commit("abcdef02"), {});
    await expect(planned(repo.cache, remove("org/name@abcdef0"))).rejects.toMatchObject({
      code: "invalid_request",
      fields: { revisions: [commit("abcdef01"), commit("abcdef02")] },
    });
    await expect(planned(repo.cache, remove())).rejects.toMatchObject({ code: "invalid_request" });
  });

  it("is a name that a dataset and a space have, until it is said which", async () => {
    const { cache } = new RepoBuilder(newCache(), "datasets--org--x").revision(MAIN, { a: 1 });
    new RepoBuilder(cache, "spaces--org--x").revision(MAIN, { a: 10 });
    await expect(planned(cache, remove("org/x"))).rejects.toMatchObject({ code: "invalid_request" });
    expect((await planned(cache, remove("space/org/x"))).expected_freed_size).toBe(10);
  });
});

describe("a plan", () => {
  it("has the same id for the same cache, and another when that has changed", async () => {
    const repo = threeRevisions(newCache());
    const plan = await planned(repo.cache, remove(DETACHED));
    const again = await planned(repo.cache, remove(DETACHED));
    expect(again).toEqual(plan);
    expect(() => checkPlanId(again, plan.id)).not.toThrow();
    repo.ref("keep-me", DETACHED);
    const changed = await planned(repo.cache, remove(DETACHED));
    expect(() => checkPlanId(changed, plan.id)).toThrow(expect.objectContaining({ code: "plan_stale" }));
  });

  it("changes nothing on the disk", async () => {
    const repo = threeRevisions(newCache());
    const before = bytesOf(repo.cache);
    await planned(repo.cache, remove("org/name"));
    expect(bytesOf(repo.cache)).toBe(before);
    expect(existsSync(join(repo.cache, ".locks"))).toBe(false);
  });

  it("does not take what another repository's link needs, though no tool makes such links", async () => {
    const repo = threeRevisions(newCache());
    const other = new RepoBuilder(repo.cache, "models--org--other").revision(MAIN, {});
    link(join(other.snapshot(MAIN), "borrowed.txt"), join(repo.path, "blobs", etagOf(1)));
    const done = await cleaned(repo.cache, remove("org/name"));
    expect(done).toMatchObject({ freed_size: 11110, kept: [], warnings: [expect.stringContaining("main.txt")] });
    expect((await openEverything(repo.cache)).get(join(other.snapshot(MAIN), "borrowed.txt"))).toBe(1);
    expect((await scanCache(repo.cache)).warnings).toEqual([]);
  });

  it("names a blob whose name is another link's target as needed", async () => {
    const repo = new RepoBuilder(newCache()).revision(MAIN, { "a.txt": 1 }).revision(DETACHED, { "b.txt": 10 });
    // blobs/<64 digits> is a link to the blob of b.txt: what a.txt shows needs both.
    const middle = link(join(repo.path, "blobs", "d".repeat(64)), join(repo.path, "blobs", etagOf(10)));
    link(join(repo.snapshot(MAIN), "c.txt"), middle);
    expect(await cleaned(repo.cache, remove(DETACHED))).toMatchObject({ freed_size: 0, kept: [] });
    expect((await openEverything(repo.cache)).get(join(repo.snapshot(MAIN), "c.txt"))).toBe(10);
  });

  it("of an empty revision frees nothing and takes its folder", async () => {
    const repo = new RepoBuilder(newCache()).revision(MAIN, {}).revision(DETACHED, { a: 1 }).ref("main", MAIN);
    mkdirSync(join(repo.snapshot(MAIN), "empty", "folders"), { recursive: true });
    expect(await cleaned(repo.cache, remove("org/name@main"))).toMatchObject({ freed_size: 0, kept: [] });
    expect(existsSync(repo.snapshot(MAIN))).toBe(false);
    writeFileSync(join(repo.path, "refs", "later"), DETACHED);
    expect((await scanCache(repo.cache)).repos[0]).toMatchObject({ refs: ["later"], damaged: false });
  });
});
