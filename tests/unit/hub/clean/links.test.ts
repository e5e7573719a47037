import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { executePlan } from "../../../../lib/hub/clean/execute-plan";
import { planRemove } from "../../../../lib/hub/clean/plan-remove";
import { scanCache } from "../../../../lib/hub/scan/scan";
import { link, RepoBuilder, scratchFolder } from "../helpers";
import { ageAll, cleaned, DETACHED, MAIN, openEverything, planned, PULL_REQUEST } from "./support";

const scratch = scratchFolder();
let caches = 0;

/** Two revisions, the second with a real file and a link; and a link between them, by name. */
function repoWith(form: keyof typeof FORMS): RepoBuilder {
  const repo = new RepoBuilder(join(scratch, `cache-${(caches += 1)}`))
    .revision(MAIN, { "a.txt": 1, "sub/b.txt": 10 })
    .realRevision(MAIN, { "real.gguf": 100, "sub/real.gguf": 1000 })
    .revision(DETACHED, { "c.txt": 10000 })
    .ref("main", MAIN);
  FORMS[form](repo);
  ageAll(repo.cache);
  return repo;
}

const FORMS = {
  "a file of the same snapshot": (repo: RepoBuilder) =>
    link(join(repo.snapshot(MAIN), "y.gguf"), join(repo.snapshot(MAIN), "real.gguf")),
  "a link of the same snapshot": (repo: RepoBuilder) =>
    link(join(repo.snapshot(MAIN), "y.txt"), join(repo.snapshot(MAIN), "a.txt")),
  "a file of another snapshot": (repo: RepoBuilder) =>
    link(join(repo.snapshot(DETACHED), "y.gguf"), join(repo.snapshot(MAIN), "real.gguf")),
  "a link of another snapshot": (repo: RepoBuilder) =>
    link(join(repo.snapshot(DETACHED), "y.txt"), join(repo.snapshot(MAIN), "a.txt")),
  "a folder of another snapshot": (repo: RepoBuilder) =>
    link(join(repo.snapshot(DETACHED), "y"), join(repo.snapshot(MAIN), "sub")),
  "another snapshot": (repo: RepoBuilder) => link(repo.snapshot(PULL_REQUEST), repo.snapshot(MAIN)),
  "a snapshot of another repository": (repo: RepoBuilder) =>
    link(
      join(new RepoBuilder(repo.cache, "models--org--other").revision(MAIN, {}).snapshot(MAIN), "y.gguf"),
      join(repo.snapshot(MAIN), "real.gguf"),
    ),
};

const cases: { form: keyof typeof FORMS; targets: string[]; stays: string | null }[] = [
  { form: "a file of the same snapshot", targets: ["org/name/real.gguf"], stays: "real.gguf" },
  { form: "a file of the same snapshot", targets: ["org/name/real.gguf", "org/name/y.gguf"], stays: null },
  { form: "a file of the same snapshot", targets: [MAIN], stays: null },
  { form: "a link of the same snapshot", targets: ["org/name/a.txt"], stays: "a.txt" },
  { form: "a link of the same snapshot", targets: ["org/name/a.txt", "org/name/y.txt"], stays: null },
  { form: "a file of another snapshot", targets: ["org/name/real.gguf"], stays: "real.gguf" },
  { form: "a file of another snapshot", targets: [MAIN], stays: "" },
  { form: "a file of another snapshot", targets: [MAIN, "org/name/y.gguf"], stays: null },
  { form: "a file of another snapshot", targets: ["org/name"], stays: null },
  { form: "a link of another snapshot", targets: ["org/name/a.txt"], stays: "a.txt" },
  { form: "a link of another snapshot", targets: [MAIN], stays: "" },
  { form: "a folder of another snapshot", targets: [MAIN], stays: "" },
  { form: "another snapshot", targets: [MAIN], stays: "" },
  { form: "another snapshot", targets: ["org/name/a.txt"], stays: "a.txt" },
  { form: "another snapshot", targets: ["org/name/sub/real.gguf"], stays: "sub/real.gguf" },
  { form: "another snapshot", targets: [MAIN, PULL_REQUEST], stays: null },
  { form: "another snapshot", targets: [PULL_REQUEST], stays: null },
  { form: "a snapshot of another repository", targets: [MAIN], stays: "" },
  { form: "a snapshot of another repository", targets: ["org/name"], stays: "" },
];

describe("what a file that stays links to", () => {
  it.each(cases)("$form, when $targets goes: stays $stays", async ({ form, targets, stays }) => {
    const repo = repoWith(form);
    const path = join(repo.snapshot(MAIN), stays ?? "");
    // Two revisions may begin alike, and a name may be in several repositories.
    const plan = await planned(repo.cache, (view) => planRemove(view, targets.map(inRepo)));
    const done = await executePlan(plan);
    expect(done).toMatchObject({ freed_size: plan.expected_freed_size, kept: [] });
    if (stays === null) expect(plan.warnings.filter((warning) => warning.includes("links to it"))).toEqual([]);
    else expect(plan.warnings).toContain(`${path} stays: a file that stays links to it`);
    if (stays !== null) expect(existsSync(path)).toBe(true);
    expect((await scanCache(repo.cache)).warnings).toEqual([]);
    await openEverything(repo.cache);
  });

  it.each(Object.keys(FORMS) as (keyof typeof FORMS)[])("%s, made after the plan, stays", async (form) => {
    for (const target of [MAIN, "org/name/real.gguf", "org/name/a.txt"]) {
      const repo = new RepoBuilder(join(scratch, `cache-${(caches += 1)}`))
        .revision(MAIN, { "a.txt": 1, "sub/b.txt": 10 })
        .realRevision(MAIN, { "real.gguf": 100 })
        .revision(DETACHED, { "c.txt": 10000 });
      const plan = await planned(repo.cache, (view) => planRemove(view, [inRepo(target)]));
      FORMS[form](repo);
      const { kept, removed } = await executePlan(plan);
      expect(kept.length + removed.length).toBe(1);
      expect((await scanCache(repo.cache)).warnings).toEqual([]);
      await openEverything(repo.cache);
    }
  });

  it("stays in a circle of links, each into the other's snapshot, until the whole repository goes", async () => {
    const repo = repoWith("a file of another snapshot");
    link(join(repo.snapshot(MAIN), "z.txt"), join(repo.snapshot(DETACHED), "c.txt"));
    mkdirSync(repo.snapshot(PULL_REQUEST));
    const remove = (...targets: string[]) => cleaned(repo.cache, (view) => planRemove(view, targets.map(inRepo)));
    expect(await remove(MAIN, DETACHED)).toMatchObject({ freed_size: 0, kept: [{}, {}] });
    await openEverything(repo.cache);
    expect(await remove("org/name")).toMatchObject({ freed_size: 11111, kept: [] });
  });
});

function inRepo(target: string): string {
  return target.includes("/") ? target : `org/name@${target}`;
}
