import { readFileSync, statSync } from "node:fs";
import { posix } from "node:path";
import { z } from "zod";
import { MemwellError, messageOf } from "../../errors";

/** A pipe would be waited for, and a device read without end. Bytes. */
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
  let text: string;
  try {
    const stats = statSync(path);
    if (!stats.isFile() || stats.size > MAX_BYTES) throw new Error("it is no file of rules");
    text = readFileSync(path, "utf8");
  } catch (thrown) {
    const reason = harmless(`${path} cannot be read: ${messageOf(thrown)}`);
    throw new MemwellError("not_found", `${reason}. Name the file of rules again.`);
  }
  return parseRules(text, path);
}

/** @throws MemwellError as `readRules` */
export function parseRules(text: string, path: string): StorageRules {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    const reason = harmless(`${path} is no JSON: ${messageOf(thrown)}`);
    throw new MemwellError("invalid_json", `${reason}. Correct it, or remove it.`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const place = issue?.path.join(".") || "the file";
  throw new MemwellError(
    "invalid_request",
    harmless(`${path}: ${place}: ${issue?.message ?? "not allowed"}. The README lists what the rules may say.`),
    { path, place },
  );
}

/** The file may be a stranger's, and errors quote it: nothing in them may steer the terminal. */
function harmless(text: string): string {
  return text.replace(/[\p{C}\u2028\u2029]/gu, "?");
}

/** As the report writes paths: `./models/` is `models`. */
function plainPath(path: string): string {
  return posix.normalize(path).replace(/\/+$/, "") || ".";
}
