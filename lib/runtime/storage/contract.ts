import type {
  AuditDuplicates,
  AuditModel,
  AuditPlan,
  AuditProgress,
  AuditReport,
  CostReport,
  Finding,
  Kind,
  Mark,
  Profile,
  Section,
} from "../../audit";
import type { WorkEvent } from "../watch-work";

export type { AuditProgress };

/** What is told of work in a folder: how far it is, then its end. */
export type StorageEvents<Progress, Done> = AsyncGenerator<WorkEvent<Progress, Done>, void, void>;

/** Sizes in bytes, times in seconds since 1970, paths from the audited folder on (`.` is the folder itself). */
export interface StorageSums {
  apparent_size: number;
  size_on_disk: number;
  nb_files: number;
}

/** An audit that was made and kept. */
export interface AuditEntry {
  /** Another audit has another one. */
  id: string;
  audited_at: number;
  took_ms: number;
  total: StorageSums;
}

/** A folder that may be audited. */
export interface StorageFolder {
  /** What it is asked for by. */
  name: string;
  path: string;
  is_there: boolean;
  /** The last audit; null: there is none. */
  audit: AuditEntry | null;
  /** Something was done in it since that audit, by this server. */
  is_changed: boolean;
  /** What goes on in it now. */
  running: StorageRunning | null;
}

export interface StorageRunning {
  work: StorageWork;
  started_at: number;
  /** How far an audit is; null for other work, and before it has begun. */
  audit: AuditProgress | null;
}

export type StorageWork = "audit" | "apply" | "undo" | "resume" | "empty-trash";

/** The longest entries of a list, and how many there are. */
export interface Shortened<Entry> {
  entries: Entry[];
  count: number;
}

/** The first of the paths of an entry, and how many there are. */
export type WithPaths<Entry extends { paths: string[] }> = Entry & { nb_paths: number };

/** An audit as the page shows it: every list is bounded, whatever the folder holds. */
export interface StorageReport extends AuditEntry {
  nb_folders: number;
  nb_links: number;
  hard_links: AuditReport["hard_links"];
  sparse: AuditReport["sparse"];
  /** What the findings of this mark are about, each file once. */
  act_now: { apparent_size: number; size_on_disk: number; nb_findings: number };
  sections: AuditReport["sections"];
  models: Shortened<StorageModel>;
  duplicates: Omit<AuditDuplicates, "same_bytes" | "same_model" | "near_base"> & {
    same_bytes: Shortened<WithPaths<AuditDuplicates["same_bytes"][number]>>;
    same_model: Shortened<WithPaths<AuditDuplicates["same_model"][number]>>;
    near_base: Shortened<AuditDuplicates["near_base"][number]>;
  };
  findings: Shortened<StorageFinding>;
  empty_folders: Shortened<string>;
  hub_caches: Shortened<AuditReport["hub_caches"][number]>;
  notes: Shortened<AuditReport["notes"][number]>;
  nb_judged_by_name: number;
}

export type StorageModel = Pick<
  AuditModel,
  | "path"
  | "kind"
  | "apparent_size"
  | "size_on_disk"
  | "nb_files"
  | "formats"
  | "architecture"
  | "name"
  | "parameters"
  | "quantization"
  | "base"
  | "rank"
  | "step"
  | "repo_id"
  | "last_accessed"
  | "mark"
  | "reasons"
  | "problems"
>;

export type StorageFinding = Pick<
  Finding,
  "mark" | "cause" | "path" | "reason" | "apparent_size" | "size_on_disk" | "last_accessed"
>;

/** A folder of an audit, and what lies directly in it. */
export interface FolderView extends StorageSums {
  audit: string;
  path: string;
  mark: Mark;
  is_read: boolean;
  /** The largest first; what is left out stands in the last one. */
  rows: FolderRow[];
}

export interface FolderRow extends StorageSums {
  name: string;
  /** "rest": files that the audit lists only together, and what there was no room for. */
  type: "folder" | "file" | "rest";
  path: string;
  mark: Mark;
  /** What most of its bytes are. */
  section: Section;
  kind: Kind;
  is_read: boolean;
  /** Of a folder, the largest of what lies in it; their sizes add up to its own at most. */
  parts: FolderPart[];
}

export interface FolderPart {
  name: string;
  apparent_size: number;
  section: Section;
}

/** A plan as the page shows it: of a step with many paths the first ones. */
export interface StoragePlan extends Omit<AuditPlan, "phases" | "kept" | "left_alone" | "folder"> {
  audit: string;
  /** What the bytes cost a month, now and after each phase. */
  cost: CostReport;
  profiles: StorageProfile[];
  phases: StoragePhase[];
  kept: Shortened<AuditPlan["kept"][number]>;
  left_alone: Shortened<AuditPlan["left_alone"][number]>;
}

/** What one kind of use would hold of the folder. */
export type StorageProfile = Omit<Profile, "models"> & { models: Shortened<Profile["models"][number]> };

export type StoragePhase = Omit<AuditPlan["phases"][number], "steps"> & {
  steps: Shortened<WithPaths<AuditPlan["phases"][number]["steps"][number]>>;
};

export type * from "./apply-contract";
