import { beforeAll, describe, expect, it } from "vitest";
import { makePlan, parseRules, type AuditReport } from "../../../lib/audit";
import { auditGrown, scratch } from "./support";

const { fresh } = scratch();
let report: AuditReport;

beforeAll(async () => {
  ({ report } = await auditGrown(fresh));
}, 60_000);

const LAW = "models/adapters/law/law-lora.gguf";
const domains = [{ name: "law", path: null }];
/** A tree in which that adapter would go: its header has a word that the rules remove. */
const removing = (more = "") => parseRules(`{"keep": {${more}}, "remove": {"names_with": ["law"]}}`, "rules");
const planFor = (needed: object, more = "") => {
  const plan = makePlan(report, { rules: removing(more), needed: { paths: [], repos: [], ...needed } });
  const steps = plan.phases.flatMap(({ steps }) => steps);
  return { ...plan, isRemoved: steps.some(({ paths }) => paths.includes(LAW)) };
};
const about = (list: { path: string; why: string }[]) => list.filter(({ path }) => path === LAW).map(({ why }) => why);

describe("the adapter of a configured domain", () => {
  it("goes like any other where there is no such domain", () => {
    expect(planFor({}).isRemoved).toBe(true);
  });

  it("is kept by rule when its header says the domain's name, and the plan says why", () => {
    const plan = planFor({ domains });
    expect(plan.isRemoved).toBe(false);
    expect(about(plan.kept)).toEqual(["the adapter of the domain law"]);
    expect(about(plan.left_alone)).toEqual(["it is the adapter of the domain law"]);
    expect(plan.kept.some(({ path }) => path.includes("business"))).toBe(false);
  });

  it("is not kept for its name when the rules say so, unless the settings name the file itself", () => {
    const off = '"domain_adapters": false';
    expect(planFor({ domains }, off).isRemoved).toBe(true);
    const named = planFor({ domains: [{ name: "law", path: LAW }], paths: [LAW] }, off);
    expect(named.isRemoved).toBe(false);
    expect(about(named.kept)).toEqual(["the adapter of the domain law"]);
  });
});
