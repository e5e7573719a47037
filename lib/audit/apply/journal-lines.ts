import { z } from "zod";
import { PHASES, type PlanStep } from "../plan/contract";

/*
 * The journal of one apply: one JSON value a line, what is going to happen on the disk before it does, none ever changed. Paths
 * are bytes in base64, times nanoseconds since 1970 as digits. What has happened is told by the disk: a line that has no
 * effect there was written right before the end came.
 */

const bytes = z.base64().transform((text) => Buffer.from(text, "base64").toString("latin1"));
const digits = z.string().regex(/^-?\d{1,30}$/);
const identity = z.string().regex(/^\d+:\d+$/);
const sizes = z.object({ apparent_size: z.number(), size_on_disk: z.number() });

const step = z.object({
  id: z.string(),
  phase: z.enum(PHASES),
  action: z.enum(["delete", "fetch-again", "publish", "link", "move-to-cache", "compress"]),
  paths: z.array(z.string()),
  what: z.string(),
  why: z.string(),
  apparent_size: z.number(),
  size_on_disk: z.number(),
  risk: z.enum(["none", "low", "medium"]),
  undo: z.string(),
  is_estimate: z.boolean(),
  link: z.object({ to: z.string(), kind: z.enum(["symbolic", "hard"]) }).nullable(),
  in_hub_cache: z.boolean(),
  on_hub: z
    .object({
      repo: z.string(),
      revision: z.string(),
      files: z.array(z.object({ path: z.string(), file: z.string(), sha256: z.string(), size: z.number() })),
    })
    .optional(),
});

const change = {
  n: z.number().int().min(1),
  step: z.string(),
  /** From the folder on; absolute when it lies in the Hugging Face cache of this machine. */
  path: bytes,
  is_outside: z.boolean().default(false),
  /** For people who read a journal. */
  text: z.string(),
  identity,
  mtime: digits,
  size: digits,
  /** The folder that it stands in: told from others, and when it had last changed before. */
  parent: z.object({ identity, mtime: digits }),
};

const line = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("begin"),
    version: z.literal(1),
    at: z.number(),
    plan_id: z.string(),
    taken_at: z.number(),
    steps: z.array(step),
    /** Of the folder itself, before the trash was made in it; null when it was there. */
    folder_mtime: z.object({ before: digits, after: digits }).nullable(),
  }),
  /** `staging`: where it makes what goes into a Hugging Face cache. */
  z.object({ type: z.literal("step"), id: z.string(), staging: bytes.nullable().default(null) }),
  /** From its place to `files/N`. */
  z.object({ type: z.literal("move"), ...change, ...sizes.shape }),
  /** Something that was made at `staged`, or at `files/N`, to its place. */
  z.object({ type: z.literal("place"), ...change, staged: bytes.nullable() }),
  z.object({ type: z.literal("did"), n: z.number(), parent_mtime: digits }),
  z.object({ type: z.literal("step-done"), id: z.string() }),
  z.object({ type: z.literal("step-left"), id: z.string(), reason: z.string() }),
  z.object({ type: z.literal("end") }),
  z.object({ type: z.literal("undo") }),
  z.object({ type: z.literal("undoing"), n: z.number(), restore: z.boolean() }),
  z.object({ type: z.literal("undone"), n: z.number() }),
  z.object({ type: z.literal("undo-end"), nb_kept: z.number() }),
  z.object({ type: z.literal("empty") }),
]);

export type JournalLine = z.infer<typeof line>;
export type BeginLine = Extract<JournalLine, { type: "begin" }>;
export type MoveLine = Extract<JournalLine, { type: "move" }>;
export type PlaceLine = Extract<JournalLine, { type: "place" }>;
export type ChangeLine = MoveLine | PlaceLine;
/** A step as a journal has it. */
export type JournalStep = BeginLine["steps"][number];

/** A line as it is written; null when it is none, as the last one may be. */
export function parseLine(text: string): JournalLine | null {
  try {
    return line.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

const PATHS = new Set(["path", "staged", "staging"]);

export function lineText(value: JournalLine): string {
  const encode = (key: string, entry: unknown): unknown =>
    PATHS.has(key) && typeof entry === "string" ? Buffer.from(entry, "latin1").toString("base64") : entry;
  return `${JSON.stringify(value, encode)}\n`;
}

export function planStepOf({ phase: _, on_hub: onHub, ...step }: JournalStep): PlanStep {
  return onHub === undefined ? step : { ...step, on_hub: onHub };
}
