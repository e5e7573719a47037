import { renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MemwellError } from "../../../../lib/errors";
import type { CacheView, Plan, PlanItem } from "../../../../lib/hub/clean/contract";
import { executePlan } from "../../../../lib/hub/clean/execute-plan";
import { planKeep } from "../../../../lib/hub/clean/plan-keep";
import { planPrune } from "../../../../lib/hub/clean/plan-prune";
import { planRemove } from "../../../../lib/hub/clean/plan-remove";
import { etagOf, link, RepoBuilder, scratchFolder, writeSized } from "../helpers";
import { ageAll, cleaned, DETACHED, entriesBelow, MAIN, openEverything, planned, threeRevisions } from "./support";

const scratch = scratchFolder();
let caches = 0;
const newCache = () => join(scratch, `cache-${(caches += 1)}`, "hub");
const remove =
  (...targets: string[]) =>
  (view: CacheView) =>
    planRemove(view, targets);
const prune = (view: CacheView) => planPrune(view, { now: Date.now() });

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
