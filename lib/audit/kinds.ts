/** The three parts a folder is told in. */
export type Section = "models" | "backups" | "other";

/**
 * What a file is to its owner. Each kind belongs to one section; the order is that of the output.
 */
export const KINDS = {
  gguf: { section: "models", label: "GGUF models" },
  "hub-cache": { section: "models", label: "full models in a Hugging Face cache" },
  "full-model": { section: "models", label: "full models in folders" },
  weights: { section: "models", label: "weights without a tokenizer" },
  adapter: { section: "models", label: "LoRA adapters and their training" },
  checkpoint: { section: "models", label: "checkpoints and optimizer states" },
  tokenizer: { section: "models", label: "tokenizers and configs of models" },
  archive: { section: "backups", label: "backups and archives" },
  dataset: { section: "other", label: "datasets" },
  environment: { section: "other", label: "virtual environments and packages" },
  build: { section: "other", label: "build output and caches of tools" },
  git: { section: "other", label: "git objects" },
  lfs: { section: "other", label: "git LFS store" },
  documentation: { section: "other", label: "documentation" },
  code: { section: "other", label: "code" },
  tests: { section: "other", label: "tests" },
  media: { section: "other", label: "pictures, sound, documents" },
  other: { section: "other", label: "everything else" },
} as const satisfies Record<string, { section: Section; label: string }>;

export type Kind = keyof typeof KINDS;

export const KIND_NAMES = Object.keys(KINDS) as Kind[];

/** What the owner is asked to do about it. */
export type Mark = "act-now" | "look" | "fine";
