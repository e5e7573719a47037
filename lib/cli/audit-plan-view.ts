import type { AuditPlan } from "../runtime";
import { bytes, more, part, table } from "./audit-table";

/** A plan for people: the sizes after each phase, then its steps. `top`: lines of each list. */
export function planLines(plan: AuditPlan, top: number): string[] {
  const steps = plan.phases.flatMap(({ phase, steps }) => [
    ...part(TITLES[phase], table(stepRows(steps.slice(0, top)), [1])),
    ...more(steps.length - top, "steps"),
  ]);
  return [
    "The plan",
    ...table(phaseRows(plan), [1, 2, 3, 4]),
    ...steps,
    ...part("What stays", table(listRows(plan.kept.slice(0, top)), [0])),
    ...part("What would go, but is needed", table(listRows(plan.left_alone.slice(0, top)), [0])),
    ...more(plan.left_alone.length - top, "of these"),
    ...part("Not looked into, so nobody knows what it refers to", table(notReadRows(plan.not_read.slice(0, top)), [])),
    ...more(plan.nb_not_read - Math.min(top, plan.not_read.length), "of these"),
  ];
}

const TITLES: Record<AuditPlan["phases"][number]["phase"], string> = {
  cleanup: "Cleanup: what can go for good",
  "external-storage": "External storage: what the Hub keeps, fetched on first use",
  "shared-cache": "Shared cache: what this machine needs once",
  compression: "Compression: what fits into less",
};

function phaseRows({ apparent_size, size_on_disk, phases }: AuditPlan): string[][] {
  const rows = phases.map((phase) => [
    phase.phase,
    String(phase.steps.length),
    bytes(phase.apparent_size_before - phase.apparent_size_after),
    bytes(phase.apparent_size_after),
    bytes(phase.size_on_disk_after),
  ]);
  return [["PHASE", "STEPS", "LEAVES", "SIZE AFTER", "ON DISK AFTER"], ["now", "", "", bytes(apparent_size), bytes(size_on_disk)], ...rows]; // prettier-ignore
}

function stepRows(steps: AuditPlan["phases"][number]["steps"]): string[][] {
  if (steps.length === 0) return [];
  const rows = steps.map(({ action, apparent_size, risk, what, why, is_estimate: isEstimate }) => {
    return [action, `${isEstimate ? "about " : ""}${bytes(apparent_size)}`, risk, what, why];
  });
  return [["STEP", "SIZE", "RISK", "PATH", "WHY"], ...rows];
}

function listRows(list: AuditPlan["kept"]): string[][] {
  if (list.length === 0) return [];
  return [["SIZE", "PATH", "WHY"], ...list.map(({ apparent_size, path, why }) => [bytes(apparent_size), path, why])];
}

function notReadRows(list: AuditPlan["not_read"]): string[][] {
  return list.length === 0 ? [] : [["PATH", "WHY"], ...list.map(({ path, why }) => [path, why])];
}
