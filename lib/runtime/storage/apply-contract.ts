import type {
  ApplyResult,
  EmptyResult,
  PhaseName,
  PhaseResult,
  Sizes,
  StepResult,
  TrashEntry,
  TrashList,
} from "../../audit";
import type { Shortened, WithPaths } from "./contract";

/** How far an apply is. */
export interface ApplyProgress {
  nb_done: number;
  nb_steps: number;
  /** The step that is its turn; null before the first and after the last. */
  what: string | null;
  expected: Sizes;
  achieved: Sizes;
}

/** How far an undo, or the emptying of the trash, is; `nb_all`: null when nobody knows. */
export interface RestoreProgress {
  nb_done: number;
  nb_all: number | null;
}

/** What was carried out, or would be; of a step with many paths the first ones. */
export type StorageApplied = Omit<ApplyResult, "folder" | "phases"> & {
  phases: (Omit<PhaseResult, "steps"> & { steps: Shortened<WithPaths<StepResult>> })[];
};

export type StorageTrash = Omit<TrashList, "folder" | "entries"> & {
  entries: Shortened<Omit<TrashEntry, "steps"> & { steps: Shortened<WithPaths<TrashEntry["steps"][number]>> }>;
};

type NotDone = Shortened<{ path: string; reason: string }>;

export interface StorageRestored {
  id: string;
  nb_restored: number;
  kept: NotDone;
}

export interface StorageResumed extends StorageRestored {
  resumed: "apply" | "undo" | "empty";
  freed_size_on_disk: number;
}

export type StorageEmptied = Omit<EmptyResult, "kept"> & { kept: NotDone };

/** Which steps of a plan: those of whole phases, and others by their ids. Nothing named is all of them. */
export interface StorageChoice {
  /** The id of the plan that was shown. */
  plan: string;
  phases?: PhaseName[] | undefined;
  steps?: string[] | undefined;
  /** ORG/NAME, where what is only here is uploaded before it leaves; without one it stays. */
  publishTo?: string | undefined;
}
