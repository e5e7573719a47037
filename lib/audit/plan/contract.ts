import type { OnHub } from "../on-hub/contract";

/** What comes when; each phase leaves a folder that works. */
export const PHASES = ["cleanup", "external-storage", "shared-cache", "compression"] as const;
export type PhaseName = (typeof PHASES)[number];

/**
 * | action          | does                                                                                  |
 * |-----------------|---------------------------------------------------------------------------------------|
 * | `delete`        | removes the files                                                                     |
 * | `fetch-again`   | removes them, and notes in the manifest where the Hub has them                        |
 * | `publish`       | uploads them to the Hub, then as `fetch-again`                                        |
 * | `link`          | puts a link in the place of a copy                                                    |
 * | `move-to-cache` | moves them to the Hugging Face cache of this machine, and leaves a link               |
 * | `compress`      | writes them again in half the bytes; until Memwell can, the step names what to fetch  |
 */
export type StepAction = "delete" | "fetch-again" | "publish" | "link" | "move-to-cache" | "compress";

/** A symbolic link says what it leads to, and git stores it; of a hard link neither file knows. */
export type LinkKind = "symbolic" | "hard";

export interface PlanStep {
  id: string;
  action: StepAction;
  /** From the folder on; a folder stands for all in it. */
  paths: string[];
  what: string;
  why: string;
  /** What leaves the folder. Bytes, as the files' lengths say. */
  apparent_size: number;
  /** What the disk gets back: nothing for what only moves on it, or has other names. */
  size_on_disk: number;
  /** "none": it can be made again, or is stored twice; "low": only a comfort is lost; "medium": look before. */
  risk: "none" | "low" | "medium";
  undo: string;
  /** Whether the sizes are a forecast. */
  is_estimate: boolean;
  /** Of `fetch-again`, when the Hub was asked: what it has in place of each path. */
  on_hub?: OnHub;
  /** Of a `link`: what it leads to, from the folder on. */
  link: { to: string; kind: LinkKind } | null;
  /** Whether a Hugging Face cache holds it: nothing of such a cache goes file by file. */
  in_hub_cache: boolean;
}

export interface PlanPhase {
  phase: PhaseName;
  steps: PlanStep[];
  apparent_size_before: number;
  apparent_size_after: number;
  size_on_disk_after: number;
}

/** A plan is a value: nothing has been done. Paths are from the folder on, sizes in bytes. */
export interface AuditPlan {
  /** The same folder and the same rules give the same one. */
  id: string;
  folder: string;
  /** When the folder was looked at; what has changed since is left alone. Seconds since 1970. */
  taken_at: number;
  apparent_size: number;
  size_on_disk: number;
  phases: PlanPhase[];
  /** What stays, and why. */
  kept: { path: string; apparent_size: number; why: string }[];
  /** What would go but for something that still needs it. */
  left_alone: { path: string; apparent_size: number; why: string }[];
  /** What could not be looked into, so that nobody knows what it refers to: a hundred at most of `nb_not_read`. */
  not_read: { path: string; why: string }[];
  nb_not_read: number;
}
