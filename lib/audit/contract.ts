import type { NoteKind } from "./walk/notes";
import type { Sums } from "./walk/sums";
import type { Format, WeightFacts, WeightFormat } from "./content/content";
import type { Kind, Mark, Section } from "./kinds";
import type { OnHub } from "./on-hub/contract";

/**
 * What the audit of a folder says, as `memwell audit --json` prints it. Sizes in bytes, times in seconds since 1970, paths
 * from the folder on (`.` is the folder itself); a name that is not UTF-8 is written with `\xff` for each such byte, and one that has `\xff` as letters with `\x5cxff`.
 */
export interface AuditReport {
  /** Grows with each change that a program which reads this would notice. */
  version: 1;
  folder: string;
  /** What changes from then on is told from what was looked at. Seconds since 1970. */
  taken_at: number;
  /** Each file once, whatever names and links it has; a link counts as itself. */
  total: Sums;
  nb_folders: number;
  /** What the disk gave to folders themselves; `du` counts it, `total` does not. */
  folders_size_on_disk: number;
  hard_links: { nb_names: number; saved_size: number };
  nb_links: number;
  sparse: { nb_files: number; unallocated_size: number };
  sections: SectionSums[];
  models: AuditModel[];
  /** Folders that hold Hugging Face caches, told by their links; with all that is in them. */
  hub_caches: HubCacheSums[];
  duplicates: AuditDuplicates;
  empty_folders: string[];
  findings: Finding[];
  large_files: LargeFile[];
  tree: AuditFolder;
  notes: { kind: NoteKind; path: string; message: string }[];
  /** Of all there were; `notes` holds a hundred of each kind. */
  nb_notes: Partial<Record<NoteKind, number>>;
  /** Small files that were judged by their endings, since there were too many to open. */
  nb_judged_by_name: number;
}

export interface SectionSums extends Sums {
  section: Section;
  kinds: KindSums[];
}

export interface KindSums extends Sums {
  kind: Kind;
  label: string;
}

export interface HubCacheSums extends Sums {
  path: string;
  nb_models: number;
}

export interface AuditModel
  extends
    Sums,
    Pick<
      WeightFacts,
      "architecture" | "name" | "parameters" | "quantization" | "base" | "layers" | "width" | "vocabulary" | "rank"
    > {
  path: string;
  /** Its files that are not small; `size_on_disk` is what removing it would free: nothing when it has other names. */
  files: { path: string; apparent_size: number; size_on_disk: number }[];
  kind: Kind;
  formats: WeightFormat[];
  /** Of a checkpoint. */
  step: number | null;
  repo_id: string | null;
  /** With `--check-hub`: which of its files the Hub has; null when none. Absent when it was not asked. */
  on_hub?: OnHub | null;
  training_state: Sums;
  /** Symbolic links inside the folder; those of its own repository in a Hugging Face cache, and others. */
  nb_links_to_it: number;
  nb_links_from_elsewhere: number;
  last_modified: number;
  last_accessed: number;
  problems: string[];
  mark: Mark;
  reasons: string[];
}

export interface AuditDuplicates {
  /** What would be saved if each were stored once. */
  apparent_size: number;
  size_on_disk: number;
  /** Shorter files were not compared. */
  least_size: number;
  bytes_read: number;
  same_bytes: {
    size: number;
    sha256: string | null;
    /** The one to keep first. */
    paths: string[];
    nb_hub_caches: number;
    in_lfs_store: boolean;
  }[];
  same_model: { certainty: "name" | "shape"; paths: string[] }[];
  near_base: {
    base: string;
    path: string;
    verdict: "equal" | "small-adapter";
    nb_matrices: number;
    nb_sampled: number;
    nb_values: number;
    equal_share: number;
    rank: number;
    adapter_size: number | null;
  }[];
}

/** Something to do, or to look at. */
export interface Finding {
  mark: Exclude<Mark, "fine">;
  cause: FindingCause;
  path: string;
  reason: string;
  /** The files it is about; a folder stands for all in it. */
  paths: string[];
  /** Of those, and what removing them gives back to the disk: nothing for a file that has other names. */
  apparent_size: number;
  size_on_disk: number;
  last_modified: number;
  last_accessed: number;
  /** Symbolic links in the folder that would lead nowhere without it. */
  nb_links_from_elsewhere: number;
  /** False when something in it could not be read, or lies on another disk. */
  is_read: boolean;
}

export type FindingCause =
  | "damaged"
  | "not-understood"
  | "earlier-step"
  | "training-state"
  | "formats"
  | "same-bytes"
  | "same-model"
  | "near-base"
  | "empty-folder"
  | "made-again"
  | "lfs-store"
  | "archive";

/** A file of a megabyte and more that belongs to no model. */
export interface LargeFile {
  path: string;
  kind: Kind;
  format: Format | null;
  apparent_size: number;
  size_on_disk: number;
  last_modified: number;
  last_accessed: number;
  /** Symbolic links in the folder that would lead nowhere without it. */
  nb_links_from_elsewhere: number;
}

export interface AuditFolder extends Sums {
  name: string;
  mark: Mark;
  kinds: Partial<Record<Kind, number>>;
  /** False when it was not read, see `notes`. */
  is_read: boolean;
  folders: AuditFolder[];
}
