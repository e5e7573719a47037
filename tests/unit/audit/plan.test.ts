import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_RULES, makePlan, parseRules, type AuditPlan, type AuditReport } from "../../../lib/audit";
import { scratch, auditGrown } from "./support";

const { fresh } = scratch();
let report: AuditReport;
let renamed: AuditReport;
let plan: AuditPlan;

beforeAll(async () => {
  ({ report, renamed } = await auditGrown(fresh));
  plan = makePlan(report);
}, 60_000);

const after = ({ phases }: AuditPlan) => phases.map(({ apparent_size_after: size }) => size / 1e9);
const stepsOf = ({ phases }: AuditPlan) => phases.flatMap(({ steps }) => steps);
const stepFor = (of: AuditPlan, path: string) => stepsOf(of).filter(({ paths }) => paths.includes(path));

describe("the plan of a repository that grew to 42.37 GB", () => {
  it("gets to 23.2, 4.5, 2.0 and 1.5 GB and below, phase by phase", () => {
    const [cleanup, external, shared, compressed] = after(plan) as [number, number, number, number];
    expect(cleanup).toBeLessThanOrEqual(23.2);
    expect(external).toBeLessThanOrEqual(4.5);
    expect(shared).toBeLessThanOrEqual(2);
    expect(compressed).toBeLessThanOrEqual(1.5);
    expect(plan.left_alone).toEqual([]);
  });

  it("names every byte of the difference, each once", () => {
    const steps = stepsOf(plan);
    const freed = steps.reduce((sum, { apparent_size: size }) => sum + size, 0);
    expect(report.total.apparent_size - freed).toBe(plan.phases.at(-1)?.apparent_size_after);
    const paths = steps.filter(({ action }) => action !== "compress").flatMap(({ paths }) => paths);
    expect(new Set(paths).size).toBe(paths.length);
    const sizes = new Map([...report.models.flatMap(({ files }) => files), ...report.large_files].map((file) => [file.path, file.apparent_size])); // prettier-ignore
    for (const { action, paths, apparent_size: size } of steps) {
      if (action === "compress" || !paths.every((path) => sizes.has(path))) continue;
      expect(paths.reduce((sum, path) => sum + (sizes.get(path) ?? 0), 0)).toBe(size);
    }
    expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length);
  });

  it("keeps one quant of each model, and says which and why", () => {
    expect(plan.kept.map(({ path }) => path).sort()).toEqual([
      "models/gguf/reasoner-1.5b-Q4_K_M.gguf",
      "models/gguf/tutor-1.1b-Q4_K_M.gguf",
    ]);
    expect(stepFor(plan, "models/gguf/tutor-1.1b-F16.gguf")).toMatchObject([{ action: "delete", risk: "low" }]);
    expect(stepFor(plan, "models/gguf/tutor-1.1b-Q4_K_M.gguf")).toMatchObject([
      { action: "move-to-cache", size_on_disk: 0 },
    ]);
  });

  it("is the same with every folder and file renamed, but for what the Hub has, which only names told", () => {
    const shape = (of: AuditPlan) =>
      of.phases.map(({ phase, steps }) => [phase, steps.map((step) => `${step.apparent_size} ${step.risk}`).sort()]);
    expect(shape(makePlan(renamed))).toEqual(shape(plan));
  });

  it("is the same value each time", () => {
    expect(makePlan(report)).toEqual(plan);
  });
});

describe("what is needed", () => {
  it("by the settings stays, whatever it is", () => {
    const needed = { paths: ["models/gguf/tutor-1.1b-Q8_0.gguf"], repos: ["org/large-chat"] };
    const careful = makePlan(report, { needed });
    expect(stepFor(careful, "models/gguf/tutor-1.1b-Q8_0.gguf")).toEqual([]);
    const reasons = Object.fromEntries(careful.left_alone.map(({ path, why }) => [path, why]));
    expect(reasons).toEqual({
      "models/gguf/tutor-1.1b-Q8_0.gguf": "the settings use it",
      "models/full-cache/models--org--large-chat": "the settings use its repository",
    });
    expect(careful.kept.map(({ path }) => path)).toContain("models/gguf/tutor-1.1b-Q8_0.gguf");
    expect(careful.kept.find(({ path }) => path.includes("tutor-1.1b-Q4_K_M"))?.why).toContain("the lightest model");
    expect(after(careful)[3]).toBeCloseTo((after(plan)[3] ?? 0) + 1.18 + 7.12, 2);
  });

  it("by the rules stays: a path, a quant, what was used lately, archives that are not old", () => {
    const rules = parseRules('{"keep": {"paths": ["backups", "models/adapters/law"], "quants": ["Q8_0"]}}', "rules");
    const careful = makePlan(report, { rules });
    expect(
      stepsOf(careful)
        .flatMap(({ paths }) => paths)
        .filter((path) => /^backups|\/law\//.test(path)),
    ).toEqual([]);
    expect(careful.kept.map(({ path }) => path)).toContain("models/gguf/tutor-1.1b-Q8_0.gguf");
    const young = makePlan(report, { now: Math.max(...report.models.map((model) => model.last_modified)) + 3600 });
    expect(young.phases[0]?.steps.map(({ what }) => what).sort()).toEqual(
      [".venv", "models/audio", "models/old", "models/tmp", "models/vision", "target"].sort(),
    );
    expect(young.left_alone.every(({ why }) => why === "it was used in the last 14 days")).toBe(true);
  });
});

describe("a file of rules", () => {
  it("in the README is the one that is used without any", () => {
    const [, block = ""] = /```json\n(\{\n {2}"keep"[^`]*)```/.exec(readFileSync("README.md", "utf8")) ?? [];
    expect(JSON.parse(block)).toEqual(DEFAULT_RULES);
  });

  it("may leave anything out, and is refused by place when it is wrong", () => {
    expect(parseRules("{}", "rules")).toEqual(DEFAULT_RULES);
    expect(() => parseRules("{", "rules")).toThrow("rules is no JSON");
    expect(() => parseRules('{"keep": {"quants": "Q4"}}', "rules")).toThrow("rules: keep.quants: ");
    expect(() => parseRules('{"remove": {"everything": true}}', "rules")).toThrow("rules: remove: ");
  });
});
