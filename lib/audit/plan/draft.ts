import type { AuditModel, AuditReport } from "../contract";
import { domainAdapters } from "./domains";
import { PHASES, type AuditPlan, type PhaseName, type PlanStep } from "./contract";
import type { StorageRules } from "./rules";

/** What the settings use, which nothing touches. */
export interface Needed {
  /** From the folder on. */
  paths: readonly string[];
  /** ORG/NAME of repositories. */
  repos: readonly string[];
  /** The domains of the settings; `path`: of the adapter, from the folder on, null when it lies elsewhere. */
  domains?: readonly { name: string; path: string | null }[] | undefined;
}

export type NewStep = Omit<PlanStep, "id" | "is_estimate" | "link" | "in_hub_cache"> &
  Partial<Pick<PlanStep, "is_estimate" | "link">>;

const OF_A_CACHE = /(?:^|\/)(?:model|dataset|space)s--[^/]+\/(?:blobs|snapshots)\//;

/** Something that may go: what it is, and what speaks against it. */
export interface Candidate {
  path: string;
  paths: string[];
  apparent_size: number;
  /** Seconds since 1970; 0 where times say nothing. */
  lastUsed: number;
  nbLinksFromElsewhere?: number;
  /** False when not all of it could be read. */
  isRead?: boolean;
}

/** A plan while it is made: each byte leaves once, and what is needed stays. */
export class Draft {
  readonly steps = new Map<PhaseName, Omit<PlanStep, "id">[]>(PHASES.map((phase) => [phase, []]));
  readonly kept: AuditPlan["kept"] = [];
  readonly leftAlone: AuditPlan["left_alone"] = [];
  /** By the path of an adapter, the domain that it belongs to. */
  readonly domainOf: ReadonlyMap<string, string>;
  readonly #gone = new Set<string>();
  readonly #modelOfFile: ReadonlyMap<string, AuditModel>;

  constructor(
    readonly report: AuditReport,
    readonly rules: StorageRules,
    readonly needed: Needed,
    /** Seconds since 1970. */
    readonly now: number,
  ) {
    this.domainOf = domainAdapters(report, rules, needed);
    this.#modelOfFile = new Map(report.models.flatMap((model) => model.files.map(({ path }) => [path, model])));
  }

  /** Whether it is still there, after the steps so far. */
  isHere(path: string): boolean {
    return !isBelow(path, this.#gone);
  }

  /** Adds a step, whose paths are then gone. Nothing when one of them is gone already. */
  add(phase: PhaseName, step: NewStep): void {
    if (!step.paths.every((path) => this.isHere(path))) return;
    const steps = this.steps.get(phase) ?? [];
    const inHubCache = step.paths.some((path) => this.isInHubCache(path));
    steps.push({ is_estimate: false, link: null, ...step, in_hub_cache: inHubCache });
    if (step.action !== "compress") for (const path of step.paths) this.#gone.add(path);
  }

  /** By the names of such a cache's folders, or, where they have others, by its links. */
  isInHubCache(path: string): boolean {
    return OF_A_CACHE.test(path) || this.#modelOfFile.get(path)?.kind === "hub-cache";
  }

  /** Notes what stays for a reason that is no rule's. */
  leave(path: string, apparentSize: number, why: string): void {
    this.leftAlone.push({ path, apparent_size: apparentSize, why });
  }

  /** Whether it may go; what speaks against it is noted. */
  mayGo(candidate: Candidate): boolean {
    if (!candidate.paths.every((path) => this.isHere(path))) return false;
    const why = this.#objection(candidate);
    if (why === null) return true;
    this.leftAlone.push({ path: candidate.path, apparent_size: candidate.apparent_size, why });
    return false;
  }

  keep(model: AuditModel, why: string): void {
    this.kept.push({ path: model.path, apparent_size: model.apparent_size, why });
  }

  /** The files of a model that are still there, and what they take. */
  rest(model: AuditModel): { paths: string[]; apparent_size: number; size_on_disk: number } {
    const rest = { paths: [] as string[], apparent_size: 0, size_on_disk: 0 };
    for (const { path, apparent_size, size_on_disk } of model.files) {
      if (!this.isHere(path)) continue;
      rest.paths.push(path);
      rest.apparent_size += apparent_size;
      rest.size_on_disk += size_on_disk;
    }
    return rest;
  }

  #objection({ path, paths, lastUsed, nbLinksFromElsewhere = 0, isRead = true }: Candidate): string | null {
    const { keep } = this.rules;
    const all = [path, ...paths];
    if (paths.includes(".")) return "it is the whole folder";
    if (!isRead) return "not all of it could be read";
    for (const [adapter, domain] of this.domainOf)
      if (all.some((one) => touches(one, [adapter]))) return `it is the adapter of the domain ${domain}`;
    if (all.some((one) => touches(one, this.needed.paths))) return "the settings use it";
    if (all.some((one) => touches(one, keep.paths))) return "the rules keep its path";
    const models = paths.flatMap((one) => this.#modelOfFile.get(one) ?? []);
    if (models.some((model) => this.#isNeeded(model))) return "the settings use its repository";
    if (nbLinksFromElsewhere > 0 || models.some((model) => model.nb_links_from_elsewhere > 0))
      return "a symbolic link leads to it";
    if (lastUsed > this.now - keep.used_within_days * 86_400)
      return `it was used in the last ${keep.used_within_days} days`;
    return null;
  }

  /** Its repository is one of the settings', whose names the Hub takes in any case. */
  #isNeeded({ repo_id: repo }: AuditModel): boolean {
    return repo !== null && this.needed.repos.some((needed) => needed.toLowerCase() === repo.toLowerCase());
  }
}

/** Whether a path is one of these, below one of them, or has one of them below it; `.` has all. */
function touches(path: string, others: readonly string[]): boolean {
  return others.some(
    (other) => other === "." || path === other || path.startsWith(`${other}/`) || other.startsWith(`${path}/`),
  );
}

function isBelow(path: string, folders: ReadonlySet<string>): boolean {
  for (let end = path.length; end > 0; end = path.lastIndexOf("/", end - 1))
    if (folders.has(path.slice(0, end))) return true;
  return false;
}
