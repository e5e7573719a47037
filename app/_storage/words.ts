import type { FolderRow, StorageFinding, StorageModel, StoragePhase, StoragePlan, StorageWork } from "./contract";

/** Bytes for people, to the hundredth of a gigabyte: in a folder of models that is what one file makes. */
export function formatSize(bytes: number): string {
  if (bytes >= 999.5e9) return `${(bytes / 1e12).toFixed(2)} TB`;
  if (bytes >= 999.5e6) return `${(bytes / 1e9).toFixed(2)} GB`;
  if (bytes >= 999.5e3) return `${(bytes / 1e6).toFixed(bytes < 9.95e6 ? 1 : 0)} MB`;
  return bytes >= 999.5 ? `${(bytes / 1e3).toFixed(bytes < 9.95e3 ? 1 : 0)} kB` : `${Math.round(bytes)} B`;
}

/** A part of a whole: `12 %`, `0.4 %`, `0 %`. */
export function formatShare(part: number, whole: number): string {
  const percent = whole > 0 ? (part / whole) * 100 : 0;
  if (percent > 0 && percent < 0.1) return "< 0.1 %";
  return `${percent.toFixed(percent > 0 && percent < 9.95 ? 1 : 0)} %`;
}

/** `1.10 B`, `494 M`; a dash where the header does not say. */
export function formatParameters(count: number | null): string {
  if (count === null) return "–";
  return count >= 1e9 ? `${(count / 1e9).toFixed(2)} B` : `${(count / 1e6).toFixed(count < 1e7 ? 1 : 0)} M`;
}

/** US dollars: `$1.15`, `< $0.01`; a dash where there is no price. */
export function formatMoney(dollars: number | null): string {
  if (dollars === null) return "–";
  return dollars > 0 && dollars < 0.005 ? "< $0.01" : `$${dollars.toFixed(2)}`;
}

export const PROFILE_WORDS: Record<StoragePlan["profiles"][number]["profile"], string> = {
  development: "Development",
  mobile: "Mobile",
  desktop: "Desktop",
  cloud: "Cloud",
};

export const MARK_WORDS: Record<FolderRow["mark"], string> = {
  "act-now": "act now",
  look: "worth a look",
  fine: "fine",
};

export const SECTION_WORDS: Record<FolderRow["section"], string> = {
  models: "models",
  backups: "backups",
  other: "other",
};

/** What a file is, in a word or two. */
export const KIND_WORDS: Record<StorageModel["kind"], string> = {
  gguf: "GGUF model",
  "hub-cache": "model in a Hugging Face cache",
  "full-model": "full model",
  weights: "weights",
  adapter: "adapter",
  checkpoint: "checkpoint",
  tokenizer: "tokenizer",
  archive: "backup or archive",
  dataset: "dataset",
  environment: "packages",
  build: "build output",
  git: "git objects",
  lfs: "git LFS store",
  documentation: "documentation",
  code: "code",
  tests: "tests",
  media: "media",
  other: "other",
};

export const PHASE_TITLES: Record<StoragePhase["phase"], string> = {
  cleanup: "Cleanup",
  "external-storage": "External storage",
  "shared-cache": "Shared cache",
  compression: "Compression",
};

export const PHASE_WORDS: Record<StoragePhase["phase"], string> = {
  cleanup: "what can go for good",
  "external-storage": "what the Hub keeps, fetched on first use",
  "shared-cache": "what this machine needs once",
  compression: "what fits into less",
};

type Action = StoragePhase["steps"]["entries"][number]["action"];

export const ACTION_WORDS: Record<Action, string> = {
  delete: "delete",
  "fetch-again": "fetch when needed",
  publish: "move to the Hub",
  link: "link to the copy",
  "move-to-cache": "move to the shared cache",
  compress: "compress",
};

type Cause = StorageFinding["cause"];

export const CAUSE_WORDS: Record<Cause, string> = {
  damaged: "damaged",
  "not-understood": "not understood",
  "earlier-step": "earlier step",
  "training-state": "training state",
  formats: "several formats",
  "same-bytes": "copy",
  "same-model": "same model",
  "near-base": "near its base",
  "empty-folder": "empty folder",
  "made-again": "can be made again",
  "lfs-store": "LFS store",
  archive: "archive",
};

export const WORK_WORDS: Record<StorageWork, string> = {
  audit: "audit",
  apply: "clean-up",
  undo: "undo",
  resume: "resumption",
  "empty-trash": "emptying of the trash",
};

/** How a row is called: what it stands for where it has no name. */
export function rowName({ type, name, nb_files: count }: Pick<FolderRow, "type" | "name" | "nb_files">): string {
  if (type !== "rest") return name;
  return count === 1 ? "1 smaller file" : `${count.toLocaleString("en-US")} smaller files`;
}
