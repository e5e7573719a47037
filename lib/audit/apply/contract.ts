import type { AuditPlan, PhaseName, PlanStep, StepAction } from "../plan/contract";

/*
 * A plan carried out, undone, resumed. Everything that leaves its place is moved into a trash on the same disk first,
 * `FOLDER/.memwell-trash/ID/`, beside a journal that says what was where. Paths are as in the report (from the folder on),
 * sizes in bytes, times in seconds since 1970.
 *
 * | call          | does                                                       | when it was killed                         |
 * |---------------|------------------------------------------------------------|--------------------------------------------|
 * | `dryRun`      | looks; nothing is changed                                  | nothing to do                              |
 * | `applyPlan`   | moves into the trash, puts links in place                  | `resumeApply` goes on, `undoApply` goes back |
 * | `listTrash`   | looks                                                      | nothing to do                              |
 * | `undoApply`   | moves everything back                                      | `resumeApply` or `undoApply` goes on       |
 * | `resumeApply` | goes on with what was interrupted, be it apply, undo or emptying | again                                |
 * | `emptyTrash`  | removes what lies in the trash for good                    | `resumeApply` or `emptyTrash` goes on      |
 *
 * `dryRun`, `applyPlan` … are exported by `lib/audit/index.ts`; `lib/runtime` hands them out bound to the caches and the
 * settings of this machine, as `dryRunStorage`, `applyStorage`, `listStorageTrash`, `undoStorage`, `resumeStorage` and
 * `emptyStorageTrash`.
 */

/** What is to be carried out: whole phases in their order, or steps by their ids. Nothing named: all of the plan. */
export interface Choice {
  phases?: readonly PhaseName[] | undefined;
  /** Ids of steps, such as `cleanup-1`. With `phases`: those of them. */
  steps?: readonly string[] | undefined;
}

export interface Sizes {
  /** What leaves the folder, as the files' lengths say. */
  apparent_size: number;
  /** What the disk gets back once the trash is emptied, in whole blocks: nothing for a file that has other names. */
  size_on_disk: number;
}

/**
 * | outcome      | the step                                                                             |
 * |--------------|--------------------------------------------------------------------------------------|
 * | `would`      | would be carried out (of a dry run)                                                  |
 * | `done`       | was carried out                                                                      |
 * | `left-alone` | was not touched: something changed, is open or is not Memwell's to take; see `reason` |
 * | `cancelled`  | had not begun when the signal came                                                   |
 */
export type Outcome = "would" | "done" | "left-alone" | "cancelled";

export interface StepResult {
  id: string;
  phase: PhaseName;
  action: StepAction;
  what: string;
  outcome: Outcome;
  /** A sentence: why it was left alone, or what is to be done instead. Null when nothing is to be said. */
  reason: string | null;
  /** What leaves its place; more than the plan's where others go with it, such as the links of a Hugging Face cache. */
  paths: string[];
  /** What it was to free, measured right before. */
  expected: Sizes;
  /** What it has freed, measured while it was done. Zero in a dry run and for what was left alone. */
  achieved: Sizes;
}

export interface PhaseResult {
  phase: PhaseName;
  /** As the plan says; with `expected` and `achieved` as the sums of its steps. */
  planned: Sizes;
  expected: Sizes;
  achieved: Sizes;
  steps: StepResult[];
}

export interface ApplyResult {
  /** Of this entry of the trash, for `undoApply`; null in a dry run, and when nothing was moved. */
  id: string | null;
  folder: string;
  plan_id: string;
  is_dry_run: boolean;
  is_cancelled: boolean;
  planned: Sizes;
  expected: Sizes;
  achieved: Sizes;
  phases: PhaseResult[];
}

/** In this order: `apply-started`, for each step `step-started` and `step-ended`, `apply-ended`. Moves may be many. */
export type ApplyEvent =
  | { type: "apply-started"; id: string | null; nb_steps: number; expected: Sizes }
  | { type: "step-started"; step: Pick<PlanStep, "id" | "action" | "what">; index: number; nb_steps: number }
  | { type: "path-moved"; step_id: string; path: string; achieved: Sizes }
  | { type: "step-ended"; result: StepResult; achieved: Sizes }
  | { type: "apply-ended"; result: ApplyResult };

/** What lies in the trash of one apply. */
export interface TrashEntry {
  id: string;
  /** When it was begun. */
  at: number;
  plan_id: string;
  /**
   * `whole`: applied to its end, may be undone. `interrupted`: an apply, an undo or an emptying was killed: resume or undo it.
   * `partly-undone`: something could not go back, see what `undoApply` said.
   */
  state: "whole" | "interrupted" | "partly-undone";
  interrupted: "apply" | "undo" | "empty" | null;
  /** What lies there now; removing it frees `size_on_disk`. */
  apparent_size: number;
  size_on_disk: number;
  steps: { id: string; action: StepAction; what: string; paths: string[] }[];
}

export interface TrashList {
  folder: string;
  /** The newest first. */
  entries: TrashEntry[];
  apparent_size: number;
  size_on_disk: number;
}

export interface UndoResult {
  id: string;
  /** What is back in its place. */
  restored: string[];
  /** What is not, and why; it stays in the trash. */
  kept: { path: string; reason: string }[];
}

export type UndoEvent = { type: "path-restored"; path: string; nb_done: number; nb_all: number };

export interface ResumeResult {
  id: string;
  /** What was interrupted, and is now done. */
  resumed: "apply" | "undo" | "empty";
  /** Of an apply. */
  applied: StepResult[];
  restored: string[];
  /** Of an apply or an undo. */
  kept: { path: string; reason: string }[];
  freed_size_on_disk: number;
}

export interface EmptyResult {
  ids: string[];
  nb_files: number;
  apparent_size: number;
  /** Real bytes that the disk got back: the blocks of files whose last name went. */
  size_on_disk: number;
  /** What could not be removed, and why. */
  kept: { path: string; reason: string }[];
}

export type EmptyEvent = { type: "path-removed"; nb_files: number; size_on_disk: number };

/** One change of the disk. */
export interface DiskChange {
  action: "make-folder" | "make-link" | "write" | "rename" | "set-times" | "remove";
  path: string;
}

interface Watched {
  /** Told right before each change of the disk; what it throws ends everything there, as a crash would. */
  onChange?: ((change: DiskChange) => void) | undefined;
}

export interface ApplyOptions extends Choice, Watched {
  signal?: AbortSignal | undefined;
  onEvent?: ((event: ApplyEvent) => void) | undefined;
  /** What only other rooms know; a step that needs one of them is left alone without it, with a sentence. */
  helpers?: ApplyHelpers | undefined;
}

export interface ApplyHelpers {
  hub?: HubHelper | undefined;
  cache?: CacheHelper | undefined;
  manifest?: ManifestHelper | undefined;
  publish?: PublishHelper | undefined;
}

/** What goes from a Hugging Face cache so that its refs, blobs and links stay right, as lib/hub's cleaning says. */
export interface HubHelper {
  /**
   * @param cacheDir the folder of the cache: `…/hub`; `blobs`: real paths of blobs in it; `whole`: their repositories go
   * @returns the real paths that go, in the order in which they may; or why not
   */
  removal(request: { cacheDir: string; blobs: string[]; whole: boolean }): Promise<HubRemoval | { reason: string }>;
}

export interface HubRemoval {
  paths: string[];
  /** What each file is on the Hub, for the manifest. */
  files: ManifestFile[];
  /** Holds the repositories' locks until `release`; or says who uses them. */
  lock(): { release(): void } | { reason: string };
}

/** Where the Hugging Face cache of this machine is. */
export interface CacheHelper {
  cacheDir: string;
  /** Of a whole file, for who knows it already; default: reads all of it. */
  sha256?: ((path: string, signal: AbortSignal | undefined) => Promise<string>) | undefined;
}

export interface ManifestFile {
  /** From the folder on, where it stood. */
  path: string;
  repo_type: "model" | "dataset";
  repo: string;
  /** Its name in the repository. */
  file: string;
  /** The hash of a commit. */
  revision: string;
  sha256: string;
  size: number;
}

export interface ManifestHelper {
  /** Its name in the folder. */
  name: string;
  /** The text of the manifest with these files added. `text`: as it is now; null when there is none. Throws MemwellError. */
  add(text: string | null, files: readonly ManifestFile[]): string;
}

export interface PublishHelper {
  /** Uploads files and says where they are now, one for each; or why not. */
  publish(request: {
    folder: string;
    step: PlanStep;
    files: { path: string; absolute: string }[];
    signal: AbortSignal | undefined;
  }): Promise<ManifestFile[] | { reason: string }>;
}

export interface UndoOptions extends Watched {
  signal?: AbortSignal | undefined;
  onEvent?: ((event: UndoEvent) => void) | undefined;
}

export interface EmptyOptions extends Watched {
  /** Only these; default: all that are whole or partly undone. */
  ids?: readonly string[] | undefined;
  signal?: AbortSignal | undefined;
  onEvent?: ((event: EmptyEvent) => void) | undefined;
}

/** What would happen now. Throws MemwellError as `ApplyPlan`. */
export type DryRun = (plan: AuditPlan, options?: ApplyOptions) => Promise<ApplyResult>;

/**
 * Carries out what was chosen of a plan; each step wholly or not at all. A cancelled apply ends between two steps, and is
 * whole. Throws MemwellError: `not_found` no such folder or step, `conflict` another apply runs in this folder or was
 * interrupted (`resumeApply` or `undoApply` first), `disk_full`, `invalid_request` the trash cannot be made there.
 */
export type ApplyPlan = (plan: AuditPlan, options?: ApplyOptions) => Promise<ApplyResult>;

/** Throws MemwellError `not_found`. A folder without a trash has no entries. */
export type ListTrash = (folder: string) => TrashList;

/**
 * Puts back what an apply has moved. `id`: default the newest. What stands in the way stays, and so does what it hides.
 * Throws MemwellError `not_found`, `conflict` (it was begun to be emptied, or another one runs), `disk_full`.
 */
export type UndoApply = (folder: string, id?: string, options?: UndoOptions) => Promise<UndoResult>;

/** Null when nothing was interrupted. Throws as `ApplyPlan`. */
export type ResumeApply = (
  folder: string,
  options?: Pick<ApplyOptions, "signal" | "onEvent" | "helpers" | "onChange">,
) => Promise<ResumeResult | null>;

/** Throws MemwellError `not_found`, `conflict` when an apply is running or was interrupted. */
export type EmptyTrash = (folder: string, options?: EmptyOptions) => Promise<EmptyResult>;
