import { createHash } from "node:crypto";
import type { AuditReport } from "../contract";
import { planCleanup } from "./cleanup";
import { keepDomainAdapters } from "./domains";
import { PHASES, type AuditPlan, type PlanPhase } from "./contract";
import { Draft, type Needed } from "./draft";
import { planCompression, planExternalStorage, planSharedCache } from "./outside";
import { DEFAULT_RULES, type StorageRules } from "./rules";

export interface PlanOptions {
  rules?: StorageRules | undefined;
  needed?: Needed | undefined;
  /** Seconds since 1970. */
  now?: number | undefined;
}

/** What could be done about a folder, phase by phase, with the size after each. Does nothing. */
export function makePlan(report: AuditReport, options: PlanOptions = {}): AuditPlan {
  const { rules = DEFAULT_RULES, needed = { paths: [], repos: [] }, now = Date.now() / 1000 } = options;
  const draft = new Draft(report, rules, needed, now);
  keepDomainAdapters(draft);
  planCleanup(draft);
  planExternalStorage(draft);
  planSharedCache(draft);
  planCompression(draft);
  const { apparent_size, size_on_disk } = report.total;
  const phases = phasesOf(draft);
  return {
    id: idOf(report.folder, phases),
    folder: report.folder,
    taken_at: report.taken_at,
    apparent_size,
    size_on_disk,
    phases,
    kept: draft.kept,
    left_alone: onlyOnce(draft.leftAlone),
    ...notReadIn(report),
  };
}

function phasesOf({ report, steps }: Draft): PlanPhase[] {
  let { apparent_size: size, size_on_disk: onDisk } = report.total;
  return PHASES.map((phase) => {
    const sorted = [...(steps.get(phase) ?? [])].sort((left, right) => right.apparent_size - left.apparent_size);
    const own = sorted.map((step, index) => ({ id: `${phase}-${index + 1}`, ...step }));
    const before = size;
    for (const step of own) {
      size -= step.apparent_size;
      onDisk -= step.size_on_disk;
    }
    return {
      phase,
      steps: own,
      apparent_size_before: before,
      apparent_size_after: size,
      size_on_disk_after: Math.max(0, onDisk),
    };
  });
}

function idOf(folder: string, phases: readonly PlanPhase[]): string {
  return createHash("sha256")
    .update(JSON.stringify([folder, phases]))
    .digest("hex")
    .slice(0, 16);
}

/** A link in what could not be read may lead to anything that goes. */
function notReadIn({ notes, nb_notes: counts }: AuditReport): Pick<AuditPlan, "not_read" | "nb_not_read"> {
  const kinds = ["unreadable", "other-disk"] as const;
  const found = notes.filter(({ kind }) => kinds.some((known) => known === kind));
  return {
    not_read: found.map(({ path, message }) => ({ path, why: message })),
    nb_not_read: kinds.reduce((sum, kind) => sum + (counts[kind] ?? 0), 0),
  };
}

function onlyOnce(list: AuditPlan["left_alone"]): AuditPlan["left_alone"] {
  const seen = new Set<string>();
  return list.filter(({ path, why }) => !seen.has(`${path}\n${why}`) && seen.add(`${path}\n${why}`));
}
