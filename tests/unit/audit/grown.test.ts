import { beforeAll, describe, expect, it } from "vitest";
import type { AuditReport } from "../../../lib/audit";
import { auditLines } from "../../../lib/cli/audit-view";
import { GROWN_GIGABYTES } from "../../fixtures/grown-repository";
import { kindsOf, knowsHoles, scratch, auditGrown } from "./support";

const { fresh } = scratch();
let report: AuditReport;
let renamed: AuditReport;

beforeAll(async () => {
  ({ report, renamed } = await auditGrown(fresh));
}, 60_000);

const gigabytes = (bytes: number | undefined): string => ((bytes ?? 0) / 1e9).toFixed(2);
const sectionOf = (name: string): string =>
  gigabytes(report.sections.find(({ section }) => section === name)?.apparent_size);

describe("a repository that grew to 42.37 GB", () => {
  it("is told to 0.01 GB: in all, by section, by kind", () => {
    expect(gigabytes(report.total.apparent_size)).toBe(GROWN_GIGABYTES.total);
    expect(sectionOf("models")).toBe(GROWN_GIGABYTES.models);
    expect(sectionOf("backups")).toBe(GROWN_GIGABYTES.backups);
    expect(sectionOf("other")).toBe(GROWN_GIGABYTES.other);
    const kinds = kindsOf(report);
    expect(gigabytes(kinds.gguf)).toBe(GROWN_GIGABYTES.gguf);
    expect(gigabytes(kinds.adapter)).toBe(GROWN_GIGABYTES.adapters);
    expect(report.hub_caches.map((cache) => gigabytes(cache.apparent_size))).toEqual(GROWN_GIGABYTES.caches);
    const domains = report.models.filter(({ kind }) => kind === "weights");
    expect(domains.map((model) => gigabytes(model.apparent_size))).toEqual(GROWN_GIGABYTES.domains);
    expect(report.empty_folders).toHaveLength(4);
  });

  it("prints those figures", () => {
    const text = auditLines(report, 15).join("\n");
    const { total, models, gguf, caches, adapters, domains, backups, other } = GROWN_GIGABYTES;
    for (const figure of [total, models, gguf, ...caches, adapters, ...domains, backups, other])
      expect(text).toContain(`${figure} GB`);
    expect(text).toMatch(/empty folders +4/);
  });

  it.skipIf(!knowsHoles())("says that it takes next to nothing of the disk, being sparse", () => {
    expect(report.total.size_on_disk).toBeLessThan(50e6);
    expect(report.sparse.unallocated_size).toBeGreaterThan(42.3e9);
  });

  it("says of each model what its header says", () => {
    const tutor = report.models.find(({ path }) => path.endsWith("tutor-1.1b-Q4_K_M.gguf"));
    expect(tutor).toMatchObject({ architecture: "llama", name: "Tutor 1.1B", quantization: "Q4_K", layers: 22 });
    const adapter = report.models.find(({ path }) => path === "models/adapters/law/checkpoint-1500");
    expect(adapter).toMatchObject({ kind: "adapter", base: "org/tutor-base", rank: 64, step: 1500 });
    const gguf = report.models.find(({ path }) => path.endsWith("law-lora.gguf"));
    expect(gguf).toMatchObject({ kind: "adapter", base: "org/tutor-base", mark: "fine" });
    const cached = report.models.find(({ path }) => path.includes("full-cache"));
    expect(cached).toMatchObject({ kind: "hub-cache", repo_id: "org/large-chat", nb_links_to_it: 3, mark: "fine" });
    expect(report.models.every(({ problems }) => problems.length === 0)).toBe(true);
    expect(report.notes).toEqual([]);
  });

  it("finds the blob that two caches have, the model in four quants and in two formats, and the domains' base", () => {
    const { same_bytes: same, same_model: models, near_base: near } = report.duplicates;
    expect(same[0]).toMatchObject({ size: 2_590_000_000, nb_hub_caches: 2 });
    expect(models.map(({ certainty, paths }) => [certainty, paths.length])).toContainEqual(["name", 4]);
    expect(near.map(({ base, path, verdict }) => [base, path, verdict])).toEqual(
      ["business", "design", "education"].map((domain) => [
        "models/third-cache/models--org--domain-base",
        `models/${domain}`,
        "equal",
      ]),
    );
    const twoFormats = report.findings.find(({ reason }) => reason.includes("safetensors and again as pytorch"));
    expect(twoFormats).toMatchObject({
      path: "models/second-cache/models--org--tutor-base",
      apparent_size: 2_590_000_000,
    });
  });

  it("asks to act on optimizer states and on steps before the last, and finds nothing wrong with a last step's adapter", () => {
    const now = report.findings
      .filter(({ mark }) => mark === "act-now")
      .map(({ path, reason }) => `${path}: ${reason}`);
    expect(now).toContain("models/adapters/law/checkpoint-500: step 500 of a training whose step 1500 is here too");
    expect(now).toContain("models/adapters/law/checkpoint-1500: 236.0 MB of it only serve to go on with its training");
    expect(report.models.find(({ path }) => path.endsWith("experiment-3b-Q6_K.gguf"))?.mark).toBe("fine");
  });

  it.skipIf(!knowsHoles())("reads next to nothing of the holes to find that", () => {
    expect(report.duplicates.bytes_read).toBeLessThan(50e6);
  });

  it("is told the same with every folder and file renamed", () => {
    expect(kindsOf(renamed)).toEqual({ ...kindsOf(report), other: kindsOf(renamed).other });
    const marks = (of: AuditReport) =>
      of.models
        .map(({ kind, apparent_size, parameters, mark }) => `${kind} ${apparent_size} ${parameters} ${mark}`)
        .sort();
    expect(marks(renamed)).toEqual(marks(report));
    const findings = (of: AuditReport) => of.findings.map(({ mark, apparent_size }) => `${mark} ${apparent_size}`);
    expect(findings(renamed)).toEqual(findings(report));
    expect(renamed.hub_caches.map((cache) => gigabytes(cache.apparent_size))).toEqual(GROWN_GIGABYTES.caches);
  });
});
