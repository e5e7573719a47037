import { z } from "zod";
import { MemwellError } from "../../errors";
import type { Catalogue } from "./contract";

/** What goes back to the models that are there without a choice. */
export const BUILT_IN_ID = "built-in";

const MOST_MODELS = 200;

const matching = (pattern: RegExp, allowed: string) => z.string({ error: allowed }).regex(pattern, { error: allowed });
const textUpTo = (longest: number) => {
  const error = `a text of 1 to ${longest} characters on one line`;
  return z
    .string({ error })
    .min(1, { error })
    .max(longest, { error })
    .refine((text) => !/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.test(text), { error });
};
const countUpTo = (most: number) => {
  const error = `a whole number from 1 to ${most}`;
  return z.number({ error }).int({ error }).min(1, { error }).max(most, { error });
};

/** As huggingface_hub allows names: nothing that leads out of a folder, or that a flag or an address could be. */
const NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,95}";
const ROLES = "a list of response, reasoning or both";
const FILE = "a path of a .gguf file in the repository, such as Q4_K_M/model.gguf";
const ID = `1 to 64 small letters, digits, dots and hyphens that begin with a letter, each id once, and not ${BUILT_IN_ID}`;

const role = z.enum(["response", "reasoning"], { error: ROLES });

const entrySchema = z.strictObject(
  {
    id: matching(/^[a-z][a-z0-9.-]{0,63}$/, ID).refine((id) => id !== BUILT_IN_ID, { error: ID }),
    name: textUpTo(80),
    roles: z
      .array(role, { error: ROLES })
      .min(1, { error: ROLES })
      .max(2, { error: ROLES })
      .refine((roles) => new Set(roles).size === roles.length, { error: ROLES }),
    repo: matching(new RegExp(`^${NAME}/${NAME}$`), "ORG/NAME of a model on the Hub").refine(
      (repo) => !repo.includes("..") && !repo.includes("--"),
      { error: "ORG/NAME of a model on the Hub" },
    ),
    file: matching(/^[^\\:@\p{Cc}]{1,200}\.gguf$/iu, FILE)
      .refine((file) => !file.split("/").some((part) => part === "" || part === "." || part === ".."), { error: FILE })
      .nullable()
      .default(null),
    quant: matching(/^[A-Za-z0-9_.-]{1,32}$/, "a quant such as Q4_K_M")
      .transform((quant) => quant.toUpperCase())
      .nullable()
      .default(null),
    revision: matching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "a branch, a tag or a commit")
      .nullable()
      .default(null),
    size: countUpTo(1e13).nullable().default(null),
    parameters: countUpTo(1e13).nullable().default(null),
    context: countUpTo(1e9).nullable().default(null),
    license: textUpTo(60).nullable().default(null),
    words: textUpTo(200).nullable().default(null),
    source: matching(/^https?:\/\/[^\s"'<>\\]{1,300}$/, "an address that begins with https://")
      .nullable()
      .default(null),
  },
  { error: (issue) => (issue.code === "unrecognized_keys" ? `nothing named ${issue.keys.join(", ")}` : "an object") },
);

const catalogueSchema = z.object(
  {
    date: matching(/^\d{4}-\d{2}-\d{2}$/, "a date such as 2026-11-22"),
    models: z
      .array(entrySchema, { error: `a list of up to ${MOST_MODELS} models` })
      .max(MOST_MODELS, { error: `a list of up to ${MOST_MODELS} models` })
      .refine((models) => new Set(models.map(({ id }) => id)).size === models.length, { error: ID }),
  },
  { error: "an object with date and models" },
);

/**
 * Reads a catalogue from what a file holds.
 *
 * @param where the file, for the message
 * @throws MemwellError `invalid_setting` naming the first thing that is wrong, and what is allowed there
 */
export function parseCatalogue(content: unknown, where: string): Catalogue {
  const result = catalogueSchema.safeParse(content);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = (issue?.path ?? []).map(String).join(".");
  throw badCatalogue(where, path === "" ? "" : `, at ${path}`, `Allowed is ${issue?.message ?? "another form"}.`);
}

export function badCatalogue(where: string, place: string, what: string): MemwellError {
  return new MemwellError(
    "invalid_setting",
    `The catalogue of models in ${where} cannot be read${place}. ${what} Correct the file, or unset MEMWELL_CATALOGUE.`,
    { settings: [{ name: "MEMWELL_CATALOGUE", value: where }] },
  );
}
