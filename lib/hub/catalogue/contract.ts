/** What a model is meant for: to write the answer, or to decide and think before it. */
export type CatalogueRole = "response" | "reasoning";

/** A GGUF model of the Hub that somebody may choose. */
export interface CatalogueEntry {
  /** What people type; never `built-in`, which is no entry. */
  id: string;
  name: string;
  /** What it is good for, at least one. */
  roles: CatalogueRole[];
  /** `ORG/NAME` of a model repository. */
  repo: string;
  /** One of its files, or else all of one quant; with neither the best one that fits is taken. */
  file: string | null;
  /** In capitals, such as `Q4_K_M`. */
  quant: string | null;
  revision: string | null;
  /** In bytes, of all its files; null where nobody wrote it down. */
  size: number | null;
  parameters: number | null;
  /** Tokens that it was trained for. */
  context: number | null;
  license: string | null;
  /** What to expect of it, in a sentence. */
  words: string | null;
  /** The page that all this is from. */
  source: string | null;
}

export interface Catalogue {
  /** When its figures were looked up, as `2026-11-22`. */
  date: string;
  models: CatalogueEntry[];
}
