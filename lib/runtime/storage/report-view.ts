import type { AuditModel, AuditPlan, AuditReport, CostReport, Finding, Profile } from "../../audit";
import type { AuditEntry, StorageModel, StoragePhase, StoragePlan, StorageReport } from "./contract";
import { shorten, shortenTo, withFewPaths } from "./shorten";

/** A table of more is no table that somebody reads; `memwell audit --json` has all. */
const MOST_ROWS = 500;
const MOST_REASONS = 10;
const MOST_NOTES = 100;

/** What the page shows of an audit, apart from its folders. Pure. */
export function reportView(entry: AuditEntry, report: AuditReport): StorageReport {
  const { same_bytes, same_model, near_base, ...duplicates } = report.duplicates;
  const nbNotes = Object.values(report.nb_notes).reduce((sum, count) => sum + count, 0);
  return {
    ...entry,
    nb_folders: report.nb_folders,
    nb_links: report.nb_links,
    hard_links: report.hard_links,
    sparse: report.sparse,
    act_now: actNow(report.findings),
    sections: report.sections,
    models: shortenTo(report.models, MOST_ROWS, modelView),
    duplicates: {
      ...duplicates,
      same_bytes: shortenTo(same_bytes, MOST_ROWS, withFewPaths),
      same_model: shortenTo(same_model, MOST_ROWS, withFewPaths),
      near_base: shorten(near_base, MOST_ROWS),
    },
    findings: shortenTo(report.findings, MOST_ROWS, findingView),
    empty_folders: shorten(report.empty_folders, MOST_ROWS),
    hub_caches: shorten(report.hub_caches, MOST_ROWS),
    notes: { ...shorten(report.notes, MOST_NOTES), count: nbNotes },
    nb_judged_by_name: report.nb_judged_by_name,
  };
}

/** What the page shows of a plan. Pure. */
export function planView(
  audit: string,
  plan: AuditPlan,
  { cost, profiles }: { cost: CostReport; profiles: readonly Profile[] },
): StoragePlan {
  const { phases, kept, left_alone, folder: _, ...rest } = plan;
  return {
    ...rest,
    audit,
    cost,
    profiles: profiles.map(({ models, ...profile }) => ({ ...profile, models: shorten(models, MOST_ROWS) })),
    phases: phases.map(phaseView),
    kept: shorten(kept, MOST_ROWS),
    left_alone: shorten(left_alone, MOST_ROWS),
  };
}

function phaseView({ steps, ...phase }: AuditPlan["phases"][number]): StoragePhase {
  const view = shortenTo(steps, MOST_ROWS, withFewPaths);
  return { ...phase, steps: view };
}

/** Several findings may be about one file, which goes once. */
function actNow(findings: readonly Finding[]): StorageReport["act_now"] {
  const sum = { apparent_size: 0, size_on_disk: 0, nb_findings: 0 };
  const counted = new Set<string>();
  for (const { mark, paths, apparent_size, size_on_disk } of findings) {
    if (mark !== "act-now") continue;
    sum.nb_findings += 1;
    if (paths.some((path) => isBelow(path, counted))) continue;
    for (const path of paths) counted.add(path);
    sum.apparent_size += apparent_size;
    sum.size_on_disk += size_on_disk;
  }
  return sum;
}

function isBelow(path: string, folders: ReadonlySet<string>): boolean {
  for (let end = path.length; end > 0; end = path.lastIndexOf("/", end - 1))
    if (folders.has(path.slice(0, end))) return true;
  return false;
}

function modelView(model: AuditModel): StorageModel {
  const { path, kind, apparent_size, size_on_disk, nb_files, formats, architecture, name, parameters } = model;
  const { quantization, base, rank, step, repo_id, last_accessed, mark } = model;
  const sums = { apparent_size, size_on_disk, nb_files };
  const facts = { architecture, name, parameters, quantization, base, rank, step, repo_id };
  const reasons = model.reasons.slice(0, MOST_REASONS);
  const problems = model.problems.slice(0, MOST_REASONS);
  return { path, kind, ...sums, formats, ...facts, last_accessed, mark, reasons, problems };
}

function findingView(finding: Finding): StorageReport["findings"]["entries"][number] {
  const { mark, cause, path, reason, apparent_size, size_on_disk, last_accessed } = finding;
  return { mark, cause, path, reason, apparent_size, size_on_disk, last_accessed };
}
