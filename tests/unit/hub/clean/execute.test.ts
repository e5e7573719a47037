import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MemwellError } from "../../../../lib/errors";
import type { CacheView, CleaningProgress, Plan, PlanItem } from "../../../../lib/hub/clean/contract";
import { executePlan } from "../../../../lib/hub/clean/execute-plan";
import { planKeep } from "../../../../lib/hub/clean/plan-keep";
import { planPrune } from "../../../../lib/hub/clean/plan-prune";
import { planRemove } from "../../../../lib/hub/clean/plan-remove";
import { scanCache } from "../../../../lib/hub/scan/scan";
import { etagOf, link, RepoBuilder, scratchFolder, writeSized } from "../helpers";
import {
  ageAll,
  bytesOf,
  cleaned,
  DETACHED,
  entriesBelow,
  holdElsewhere,
  MAIN,
  openEverything,
  planned,
  PULL_REQUEST,
  threeRevisions,
} from "./support";

const scratch = scratchFolder();
let caches = 0;
const newCache = () => join(scratch, `cache-${(caches += 1)}`, "hub");
const remove =
  (...targets: string[]) =>
  (view: CacheView) =>
    planRemove(view, targets);
const prune = (view: CacheView) => planPrune(view, { now: Date.now() });

describe("a model in use", () => {
  it("keeps its repository, and the answer says which file", async () => {
    const repo = threeRevisions(newCache());
    const blob = join(repo.path, "blobs", etagOf(10000));
    await holdElsewhere(`share:${blob}`);
    const before = entriesBelow(repo.path);
    const done = await cleaned(repo.cache, remove("org/name"));
    expect(done).toMatchObject({ freed_size: 0, removed: [], kept: [{ reason: `${blob} is in use` }] });
    expect(await cleaned(repo.cache, (view) => planKeep(view, { count: 0 }))).toMatchObject({ freed_size: 0 });
    expect(entriesBelow(repo.path)).toEqual(before);
  });

  it("keeps the revision that alone shows it; the others go", async () => {
    const repo = threeRevisions(newCache());
    await holdElsewhere(`share:${join(repo.path, "blobs", etagOf(10))}`);
    const done = await cleaned(repo.cache, remove(DETACHED, PULL_REQUEST));
    expect(done).toMatchObject({
      freed_size: 100,
      removed: [],
      kept: [{ item: { commit_hash: DETACHED } }, { item: { commit_hash: PULL_REQUEST } }],
    });
    expect(readdirSync(join(repo.path, "snapshots")).sort()).toEqual([MAIN, DETACHED].sort());
    await openEverything(repo.cache);
  });

  it("keeps its file, be that a link or the file itself", async () => {
    const repo = threeRevisions(newCache());
    const real = new RepoBuilder(repo.cache, "models--org--real").realRevision(MAIN, { "a.gguf": 10, "b.txt": 1 });
    await holdElsewhere(`share:${join(repo.path, "blobs", etagOf(1))}`, `share:${join(real.snapshot(MAIN), "a.gguf")}`);
    for (const target of ["org/name/main.txt", "org/real/a.gguf", "org/real"]) {
      expect(await cleaned(repo.cache, remove(target))).toMatchObject({ freed_size: 0, kept: [{}] });
    }
    expect((await scanCache(repo.cache)).size_on_disk).toBe(11122);
  });
});

describe("a download in flight", () => {
  it("keeps its incomplete file, while those nobody writes go", async () => {
    const repo = threeRevisions(newCache()).ref("keep", DETACHED);
    const etag = "e".repeat(64);
    const held = repo.blob(`${etag}.0123abcd.incomplete`, 100);
    repo.blob(`${"d".repeat(64)}.incomplete`, 1000);
    ageAll(repo.cache);
    await holdElsewhere(`lock:${join(repo.cache, ".locks", "models--org--name", `${etag}.lock`)}`);
    expect(await cleaned(repo.cache, prune)).toMatchObject({
      freed_size: 1000,
      removed: [{ kind: "incomplete" }],
      kept: [{ item: { paths: [held] }, reason: `a download of ${etag} is in flight` }],
    });
    expect(existsSync(held)).toBe(true);
  });

  it("keeps its blob before a snapshot shows it, and the repository and revisions it writes to", async () => {
    const repo = threeRevisions(newCache());
    const etag = "e".repeat(64);
    const blob = repo.blob(etag, 100);
    ageAll(repo.cache);
    await holdElsewhere(`lock:${join(repo.cache, ".locks", "models--org--name", `${etag}.lock`)}`);
    const before = entriesBelow(repo.path);
    for (const plan of [prune, remove("org/name"), remove(DETACHED), remove("org/name/main.txt")]) {
      expect(await cleaned(repo.cache, plan)).toMatchObject({ freed_size: 0, removed: [] });
    }
    expect(entriesBelow(repo.path)).toEqual(before);
    expect(existsSync(blob)).toBe(true);
  });
});

describe("what changed since the plan was made", () => {
  it("a new revision that needs a blob keeps it", async () => {
    const repo = threeRevisions(newCache());
    const plan = await planned(repo.cache, remove(DETACHED));
    repo.revision("d".repeat(40), { "later.txt": 10 });
    expect(await executePlan(plan)).toMatchObject({
      freed_size: 0,
      kept: [{ reason: expect.stringContaining("needs") }],
    });
    expect((await openEverything(repo.cache)).get(join(repo.snapshot("d".repeat(40)), "later.txt"))).toBe(10);
    expect(existsSync(repo.snapshot(DETACHED))).toBe(false);
  });

  it("a ref that has come to name a revision keeps it", async () => {
    const repo = threeRevisions(newCache());
    const plan = await planned(repo.cache, remove(DETACHED));
    repo.ref("v2", DETACHED);
    expect(await executePlan(plan)).toMatchObject({ freed_size: 0, kept: [{ reason: expect.stringContaining("v2") }] });
    expect((await scanCache(repo.cache)).warnings).toEqual([]);
  });

  it("a ref that has moved on stays where it is", async () => {
    const repo = threeRevisions(newCache());
    const plan = await planned(repo.cache, remove("org/name@refs/pr/1"));
    repo.ref("refs/pr/1", MAIN);
    expect(await executePlan(plan)).toMatchObject({ freed_size: 100, kept: [] });
    expect((await scanCache(repo.cache)).repos[0]?.refs).toEqual(["main", "refs/pr/1"]);
  });

  it("a link from another repository keeps what it leads to", async () => {
    const repo = threeRevisions(newCache());
    const plan = await planned(repo.cache, remove("org/name"));
    const other = new RepoBuilder(repo.cache, "models--org--other").revision(MAIN, {});
    const borrowed = link(join(other.snapshot(MAIN), "borrowed"), join(repo.path, "blobs", etagOf(1)));
    const reason = expect.stringContaining("another repository needs");
    expect(await executePlan(plan)).toMatchObject({ freed_size: 0, kept: [{ reason }] });
    expect((await openEverything(repo.cache)).get(borrowed)).toBe(1);
  });

  it("what somebody else has removed is no error, and is not counted", async () => {
    const repo = threeRevisions(newCache());
    const [revisions, whole] = [
      await planned(repo.cache, remove(DETACHED, PULL_REQUEST)),
      await planned(repo.cache, remove("org/name")),
    ];
    rmSync(join(repo.path, "blobs", etagOf(100)));
    rmSync(repo.snapshot(DETACHED), { recursive: true });
    expect(await executePlan(revisions)).toMatchObject({ freed_size: 1010, kept: [] });
    rmSync(repo.path, { recursive: true });
    expect(await executePlan(whole)).toMatchObject({ freed_size: 0, kept: [] });
    expect(await executePlan(whole)).toMatchObject({ freed_size: 0, kept: [] });
  });

  it("a second name of a file, elsewhere, keeps its bytes", async () => {
    const repo = new RepoBuilder(newCache()).realRevision(MAIN, { a: 10 }).realRevision(DETACHED, { a: 1 });
    linkSync(join(repo.snapshot(MAIN), "a"), join(repo.snapshot(DETACHED), "same"));
    linkSync(join(repo.snapshot(DETACHED), "a"), join(repo.cache, "..", "outside"));
    const plan = await planned(repo.cache, remove(DETACHED));
    expect(plan.expected_freed_size).toBe(0);
    expect(await executePlan(plan)).toMatchObject({ freed_size: 0, kept: [] });
    expect(await cleaned(repo.cache, remove("org/name"))).toMatchObject({ freed_size: 10 });
  });
});

describe("a plan that is cancelled", () => {
  /** Two repositories that are to go; cancelled as soon as `isTime` says so, at the end at the latest. */
  async function cancelled(isTime: (progress: CleaningProgress) => boolean) {
    const { cache } = threeRevisions(newCache());
    threeRevisions(cache, "models--org--second");
    const plan = await planned(cache, remove("org/name", "org/second"));
    const controller = new AbortController();
    const onProgress = (progress: CleaningProgress) => isTime(progress) && controller.abort();
    const done = await executePlan(plan, { signal: controller.signal, onProgress });
    return { cache, done };
  }

  it("stops before the next item, and tells what went and what stays", async () => {
    const { cache, done } = await cancelled(({ nb_files }) => nb_files === 13);
    expect(done).toMatchObject({
      freed_size: 11111,
      removed: [{ repo_id: "org/name" }],
      kept: [{ item: { repo_id: "org/second" }, reason: expect.stringContaining("cancelled before its turn") }],
    });
    await openEverything(cache);
  });

  it("before anything has gone leaves everything where it was", async () => {
    const { cache, done } = await cancelled(() => true);
    expect(done).toMatchObject({ freed_size: 0, removed: [], kept: [{}, {}] });
    expect(readdirSync(cache).sort()).toEqual(["models--org--name", "models--org--second"]);
    await openEverything(cache);
  });

  it("stops between two files of a repository; a prune then takes the rest", async () => {
    const { cache, done } = await cancelled(({ nb_files }) => nb_files === 2);
    expect(done).toMatchObject({
      removed: [],
      kept: [
        { item: { repo_id: "org/name" }, reason: expect.stringContaining("prune removes what is left") },
        { item: { repo_id: "org/second" }, reason: expect.stringContaining("cancelled before its turn") },
      ],
    });
    await openEverything(cache);
    expect(await cleaned(cache, prune)).toMatchObject({ freed_size: 11111 - done.freed_size, kept: [] });
    expect(bytesOf(cache)).toBe(11111);
  });

  it("takes no revision its refs and leaves it", async () => {
    const repo = threeRevisions(newCache());
    const plan = await planned(repo.cache, remove(`org/name@${MAIN}`));
    const ref = join(repo.path, "refs", "main");
    const controller = new AbortController();
    const onStep = ({ path }: { path: string }) => path === ref && controller.abort();
    const done = await executePlan(plan, { signal: controller.signal, onStep });
    expect(controller.signal.aborted).toBe(true);
    expect(done).toMatchObject({ removed: [], kept: [{ reason: expect.stringContaining("prune") }] });
    expect([existsSync(ref), existsSync(repo.snapshot(MAIN))]).toEqual([false, false]);
    expect(await cleaned(repo.cache, prune)).toMatchObject({ kept: [] });
    await openEverything(repo.cache);
  });
});

describe("how far it is", () => {
  it("is told of the first file and of each, until all of the plan has gone", async () => {
    const { cache } = threeRevisions(newCache());
    threeRevisions(cache, "models--org--second");
    const told: CleaningProgress[] = [];
    const plan = await planned(cache, remove("org/name", `org/second@${DETACHED}`));
    await executePlan(plan, { onProgress: (progress) => told.push(progress) });
    // Eight links and five blobs of the one; three links and one blob, which nothing else shows, of the other.
    const whole = { total_files: 17, expected_freed_size: 11121 };
    expect(told[0]).toEqual({ nb_files: 0, freed_size: 0, ...whole });
    expect(told.at(-1)).toEqual({ nb_files: 17, freed_size: 11121, ...whole });
    expect(told.map(({ nb_files }) => nb_files)).toEqual(told.map((_, index) => index));
    expect(told.map(({ freed_size }) => freed_size)).toEqual(
      told.map(({ freed_size }) => freed_size).sort((a, b) => a - b),
    );
  });
});

describe("nothing outside the cache is unlinked", () => {
  /** A cache beside a folder that holds what must stay. */
  function besideOutside(): { repo: RepoBuilder; outside: string } {
    const repo = threeRevisions(newCache());
    const outside = join(repo.cache, "..", "outside");
    new RepoBuilder(outside, "models--org--name").revision(MAIN, { "a.txt": 1 }).revision(DETACHED, { "b.txt": 10 });
    writeSized(join(outside, "precious"), 1000);
    return { repo, outside };
  }
  const snapshotsOut = (repo: RepoBuilder, outside: string) => {
    rmSync(join(repo.path, "snapshots"), { recursive: true });
    symlinkSync(join(outside, "models--org--name", "snapshots"), join(repo.path, "snapshots"));
  };

  /** What each of the plans below frees inside, or the error it ends with, where that is not what an undamaged cache gives. */
  const FREED: Record<string, (number | string)[]> = {
    "the folder of snapshots is a link out": ["file_not_found", 11111, 0, 0, "repo_not_found", 0],
    "the folder of blobs is a link out": ["file_not_found", 0, 0, 0, "repo_not_found", 0],
    "the repository is a link out": ["file_not_found", 0, 0, 0, 0, 0],
    "the folder of refs is a link out": [1000, 1, 10, 10100, "repo_not_found", 0],
    "the folder of locks is a link out": [0, 0, 0, 0, 0, 0],
    "the folder for what goes is a link out": [1000, 0, 0, 0, 0, 0],
  };

  it.each<[string, (repo: RepoBuilder, outside: string) => void]>([
    ["a blob is a link out", (repo, outside) => link(join(repo.snapshot(DETACHED), "x"), join(outside, "precious"))],
    [
      "a blob under its own name is a link out",
      (repo, outside) =>
        link(
          join(repo.snapshot(DETACHED), "x"),
          link(join(repo.path, "blobs", "f".repeat(64)), join(outside, "precious")),
        ),
    ],
    [
      "an unused blob is a link out",
      (repo, outside) => link(join(repo.path, "blobs", "f".repeat(64)), join(outside, "precious")),
    ],
    [
      "an incomplete download is a link out",
      (repo, outside) => link(join(repo.path, "blobs", `${"f".repeat(64)}.incomplete`), join(outside, "precious")),
    ],
    [
      "a snapshot is a link out",
      (repo, outside) =>
        link(join(repo.path, "snapshots", "f".repeat(40)), join(outside, "models--org--name/snapshots", MAIN)),
    ],
    ["the folder of snapshots is a link out", snapshotsOut],
    [
      "the folder of blobs is a link out",
      (repo, outside) => {
        rmSync(join(repo.path, "blobs"), { recursive: true });
        symlinkSync(join(outside, "models--org--name", "blobs"), join(repo.path, "blobs"));
      },
    ],
    [
      "the repository is a link out",
      (repo, outside) => {
        rmSync(repo.path, { recursive: true });
        symlinkSync(join(outside, "models--org--name"), repo.path);
      },
    ],
    [
      "the folder of refs is a link out",
      (repo, outside) => {
        rmSync(join(repo.path, "refs"), { recursive: true });
        symlinkSync(outside, join(repo.path, "refs"));
      },
    ],
    ["a folder in a snapshot is a link out", (repo, outside) => link(join(repo.snapshot(DETACHED), "sub"), outside)],
    ["the folder of locks is a link out", (repo, outside) => link(join(repo.cache, ".locks"), outside)],
    [
      "the folder for what goes is a link out",
      (repo, outside) => link(join(repo.cache, ".locks", ".memwell-removed"), outside),
    ],
    [
      "what the Hub does not have is a link out",
      (repo, outside) => link(join(repo.path, ".no_exist", DETACHED), outside),
    ],
  ])("when %s", async (name, damage) => {
    const { repo, outside } = besideOutside();
    damage(repo, outside);
    ageAll(repo.cache);
    const before = entriesBelow(outside);
    const plans: ((view: CacheView) => Plan)[] = [
      remove("org/name/both.bin"),
      prune,
      remove(DETACHED),
      (view) => planKeep(view, { count: 0 }),
      remove("org/name"),
      prune,
    ];
    const answers: (number | string)[] = [];
    for (const plan of plans) {
      try {
        answers.push((await cleaned(repo.cache, plan)).freed_size);
      } catch (thrown) {
        if (!(thrown instanceof MemwellError)) throw thrown;
        answers.push(thrown.code);
      }
    }
    expect(answers).toEqual(FREED[name] ?? [1000, 0, 10, 10101, "repo_not_found", 0]);
    expect(entriesBelow(outside)).toEqual(before);
  });

  it("when a folder becomes a link between the plan and its turn", async () => {
    const { repo, outside } = besideOutside();
    const plan = await planned(repo.cache, remove(DETACHED, "org/name/main.txt"));
    const before = entriesBelow(outside);
    const done = await executePlan(plan, {
      onStep: ({ path }) => {
        if (path !== repo.snapshot(DETACHED)) return;
        renameSync(join(repo.path, "snapshots"), join(repo.cache, "..", "moved"));
        symlinkSync(join(outside, "models--org--name", "snapshots"), join(repo.path, "snapshots"));
      },
    });
    expect(done.kept.length).toBeGreaterThan(0);
    expect(entriesBelow(outside)).toEqual(before);
  });

  const tampered: [string, (item: PlanItem, outside: string) => void][] = [
    ["a path outside", (item, outside) => item.paths.push(join(outside, "precious"))],
    ["a path that climbs out", (item) => item.paths.push(`${item.paths[0]}/../../../../outside/precious`)],
    ["only a path outside", (item, outside) => (item.paths = [outside])],
    ["a relative path", (item) => (item.paths = ["outside"])],
    ["the cache itself", (item) => (item.paths = [join(item.paths[0] ?? "", "..", "..", "..")])],
    ["a name that climbs out", (item) => (item.repo_id = "../../outside")],
    ["a commit that climbs out", (item) => (item.commit_hash = "../../../../outside")],
    ["a ref that climbs out", (item) => item.refs.push("../../../outside/precious")],
    ["a file that climbs out", (item) => Object.assign(item, { kind: "file", file: "../../../../outside/precious" })],
    [
      "a leftover outside",
      (item, outside) => Object.assign(item, { kind: "leftover", paths: [join(outside, "precious")] }),
    ],
    [
      "a payload outside",
      (item, outside) => Object.assign(item, { kind: "shared_blob", paths: [join(outside, "precious")] }),
    ],
    ["a repository outside", (item, outside) => Object.assign(item, { kind: "repo", paths: [outside] })],
  ];
  it.each(tampered)("when a plan was changed to name %s", async (_, tamper) => {
    const { repo, outside } = besideOutside();
    const plan = await planned(repo.cache, remove(DETACHED));
    const [item] = plan.items;
    if (item !== undefined) tamper(item, outside);
    const before = [...entriesBelow(outside), ...entriesBelow(repo.path)];
    const done = await executePlan(plan);
    expect(done).toMatchObject({ freed_size: 0, removed: [] });
    expect(done.kept).toHaveLength(1);
    expect([...entriesBelow(outside), ...entriesBelow(repo.path)]).toEqual(before);
  });

  it("and a plan that names the blob another revision needs leaves that", async () => {
    const { repo } = besideOutside();
    const plan = await planned(repo.cache, remove(DETACHED));
    plan.items[0]?.paths.push(join(repo.path, "blobs", etagOf(10000)));
    expect(await executePlan(plan)).toMatchObject({
      freed_size: 10,
      kept: [{ reason: expect.stringContaining("needs") }],
    });
    await openEverything(repo.cache);
  });
});

/** Root may read everything: as root, becomes nobody for a while, who may change all that was not hidden before. */
async function asSomebodyElse(cache: string, act: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return act();
  for (const path of entriesBelow(cache)) {
    const stats = lstatSync(path);
    if (!stats.isSymbolicLink() && (stats.mode & 0o777) !== 0) chmodSync(path, 0o777);
  }
  chmodSync(cache, 0o777);
  process.seteuid?.(65534);
  try {
    await act();
  } finally {
    process.seteuid?.(0);
  }
}

describe("what the file system refuses", () => {
  it("a repository that is a link goes as a link", async () => {
    const repo = threeRevisions(newCache());
    link(join(repo.cache, "models--org--alias"), repo.path);
    const done = await cleaned(repo.cache, remove("org/alias"));
    expect(done).toMatchObject({ freed_size: 0, kept: [], warnings: [expect.stringContaining("is a link")] });
    expect(readdirSync(repo.cache)).not.toContain("models--org--alias");
    expect((await scanCache(repo.cache)).size_on_disk).toBe(11111);
  });

  it("blobs stay while there is a snapshot that may not be read: it may need them", async () => {
    const repo = threeRevisions(newCache()).ref("v1", DETACHED);
    repo.blob("d".repeat(64), 20);
    ageAll(repo.cache);
    const before = bytesOf(repo.cache);
    const hidden = join(repo.snapshot(PULL_REQUEST), "sub");
    mkdirSync(hidden, { mode: 0 });
    await asSomebodyElse(repo.cache, async () => {
      expect(await cleaned(repo.cache, prune)).toMatchObject({ freed_size: 0 });
      const warnings = [expect.stringContaining(hidden)];
      expect(await cleaned(repo.cache, remove("org/name@v1"))).toMatchObject({ freed_size: 0, warnings });
      expect(await cleaned(repo.cache, remove("org/name"))).toMatchObject({ freed_size: 0, kept: [{}] });
    });
    expect(bytesOf(repo.cache)).toBe(before);
    chmodSync(hidden, 0o700);
  });

  it("blobs stay when a snapshot can no longer be read at their turn", async () => {
    const repo = threeRevisions(newCache());
    await asSomebodyElse(repo.cache, async () => {
      const plan = await planned(repo.cache, remove(DETACHED));
      const hidden = join(repo.snapshot(MAIN), "sub");
      mkdirSync(hidden, { mode: 0 });
      expect(await executePlan(plan)).toMatchObject({
        freed_size: 0,
        kept: [{ reason: expect.stringContaining("allowed") }],
      });
      chmodSync(hidden, 0o700);
    });
  });

  it("a pipe among the blobs holds nothing up", async () => {
    const repo = threeRevisions(newCache());
    spawnSync("mkfifo", [join(repo.path, "blobs", "f".repeat(64)), join(repo.snapshot(DETACHED), "pipe")]);
    expect(await cleaned(repo.cache, remove(DETACHED))).toMatchObject({ freed_size: 10, kept: [] });
    expect(await cleaned(repo.cache, remove("org/name"))).toMatchObject({ freed_size: 11101, kept: [] });
  });

  it("a cache that has gone is said clearly", async () => {
    const repo = threeRevisions(newCache());
    const plan = await planned(repo.cache, remove("org/name"));
    rmSync(repo.cache, { recursive: true });
    await expect(executePlan(plan)).rejects.toMatchObject({ code: "cache_not_found" });
  });

  it("the locks' folder being a file keeps everything", async () => {
    const repo = threeRevisions(newCache());
    writeFileSync(join(repo.cache, ".locks"), "");
    const before = bytesOf(repo.cache);
    expect(await cleaned(repo.cache, remove("org/name"))).toMatchObject({ freed_size: 0, kept: [{}] });
    expect(bytesOf(repo.cache)).toBe(before);
  });
});
