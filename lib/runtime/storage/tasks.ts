import type { MessagePort } from "node:worker_threads";
import type { Config } from "../../config";
import type { ErrorRecord } from "../../errors";
import type {
  ApplyProgress,
  AuditEntry,
  AuditProgress,
  FolderView,
  RestoreProgress,
  StorageApplied,
  StorageChoice,
  StorageEmptied,
  StoragePlan,
  StorageReport,
  StorageRestored,
  StorageResumed,
  StorageTrash,
} from "./contract";

/** What the thread is started with. */
export interface StorageThreadData {
  /** Where audits are kept. */
  keptIn: string;
}

interface Task<Asked, Answer, Progress = never> {
  asked: Asked;
  progress: Progress;
  answer: Answer;
}

/** `folder`: the path of the one that is audited. */
interface OfFolder {
  folder: string;
}

/** With the settings as they are now. */
interface WithSettings extends OfFolder {
  config: Config;
}

/** What the thread can be asked. */
export interface StorageTasks {
  audit: Task<OfFolder, AuditEntry, AuditProgress>;
  report: Task<OfFolder, StorageReport>;
  /** `path` from the folder on. */
  view: Task<OfFolder & { path: string }, FolderView>;
  plan: Task<WithSettings, StoragePlan>;
  dryRun: Task<WithSettings & { choice: StorageChoice }, StorageApplied>;
  apply: Task<WithSettings & { choice: StorageChoice }, StorageApplied, ApplyProgress>;
  trash: Task<OfFolder, StorageTrash>;
  undo: Task<OfFolder & { id: string }, StorageRestored, RestoreProgress>;
  /** Null: nothing was interrupted. */
  resume: Task<WithSettings, StorageResumed | null, ApplyProgress>;
  /** `ids` null: all. */
  empty: Task<OfFolder & { ids: string[] | null }, StorageEmptied, RestoreProgress>;
}

export type StorageTask<Kind extends keyof StorageTasks = keyof StorageTasks> = {
  [Each in Kind]: { kind: Each } & StorageTasks[Each]["asked"];
}[Kind];

/** A question brings the port for what is told of it, for its one answer, and for the word that ends it. */
export type StorageQuestion = StorageTask & { port: MessagePort };

export type StorageReply = { progress: unknown } | { answer: unknown } | { error: ErrorRecord };

export const CANCEL = "cancel";
