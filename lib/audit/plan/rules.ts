import { posix } from "node:path";
import { z } from "zod";
import { checkJson, parseJson, readJsonText } from "../json-file";

/** Bytes. */
const MAX_BYTES = 1_000_000;

const words = z.array(z.string().min(1).max(100)).max(100);
const days = z.number().min(0).max(36_500);
const bytes = z.number().int().min(0);

const schema = z.strictObject({
  keep: z
    .strictObject({
      /** Of a model in several quants the first of these stays; when it has none of them, the smallest. */
      quants: words.default(["Q4_K", "Q4_0", "Q5_K"]),
      /** The smallest GGUF model stays, whatever else does. */
      light_fallback: z.boolean().default(true),
      /**
       * Adapters whose header says the name of a configured domain stay, whatever is removed; those that the settings
       * themselves name stay in any case.
       */
      domain_adapters: z.boolean().default(true),
      /** What was read or changed in this time stays. */
      used_within_days: days.default(14),
      /** Paths from the folder on that stay, with all that is in them. */
      paths: z.array(z.string().min(1).max(4096).transform(plainPath)).max(10_000).default([]),
    })
    .prefault({}),
  remove: z
    .strictObject({
      /** A model with one of these words in the name that its header says. */
      names_with: words.default(["experiment", "experimental", "dev", "debug", "test", "wip", "tmp"]),
      other_quants: z.boolean().default(true),
      other_formats: z.boolean().default(true),
      earlier_steps: z.boolean().default(true),
      optimizer_states: z.boolean().default(true),
      damaged: z.boolean().default(true),
      archives_older_than_days: days.default(90),
      what_can_be_made_again: z.boolean().default(true),
      empty_folders: z.boolean().default(true),
    })
    .prefault({}),
  /** What takes the place of a copy. */
  links: z.enum(["symbolic", "hard"]).default("symbolic"),
  /** Models and datasets from this size on go to the Hub, and are fetched on first use. Bytes. */
  external_from: bytes.default(100_000_000),
});

/** What to keep and what may go, as its owner wants it. */
export type StorageRules = z.infer<typeof schema>;

/** The file of rules in a folder, when it has one. */
export const RULES_FILE = "memwell-storage.json";

export const DEFAULT_RULES: StorageRules = schema.parse({});

/**
 * Reads a file of rules; what it leaves out is as in `DEFAULT_RULES`.
 *
 * @throws MemwellError `not_found` when there is none, `invalid_json`, `invalid_request` with what is wrong
 */
export function readRules(path: string): StorageRules {
  return parseRules(readJsonText(path, "file of rules", MAX_BYTES), path);
}

/** @throws MemwellError as `readRules` */
export function parseRules(text: string, path: string): StorageRules {
  return checkJson(schema, parseJson(text, path), path, "The README lists what the rules may say.");
}

/** As the report writes paths: `./models/` is `models`. */
function plainPath(path: string): string {
  return posix.normalize(path).replace(/\/+$/, "") || ".";
}
