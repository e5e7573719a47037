import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { z } from "zod";
import { CurriculumError } from "./curriculum-error";

const text = z.string().trim().min(1).max(600);

const talkSchema = z.strictObject({
  asks: z.array(text).min(5),
  /** Never trained on. */
  held_out: z.array(text).min(2),
  answers: z.array(text).min(1).max(10),
  decisions: z
    .strictObject({
      practice: z.enum(["yes", "no"]),
      clarity: z.enum(["vague", "unclear", "both", "neither"]),
      teaching: z.enum(["guide", "practice", "both", "neither"]),
    })
    .partial()
    .default({}),
});

export type Talk = z.infer<typeof talkSchema>;

const KINDS = [
  "greeting",
  "thanks",
  "goodbye",
  "abilities",
  "vague",
  "vague-homework",
  "vague-practice",
  "vague-confused",
  "unknown",
] as const;
export type TalkKind = (typeof KINDS)[number];

/**
 * What is said beside the topics: greetings, thanks, what says too little, what nobody taught.
 *
 * @throws CurriculumError naming the file and the field; a file system error when there is no such file
 */
export async function readTalk(file: string): Promise<Record<TalkKind, Talk>> {
  let written: unknown;
  try {
    written = parse(await readFile(file, "utf8"), { maxAliasCount: 0 });
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") throw cause;
    throw new CurriculumError(file, "", `it is no YAML: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  const read = z.strictObject(Object.fromEntries(KINDS.map((kind) => [kind, talkSchema]))).safeParse(written);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new CurriculumError(file, issue?.path.join(".") ?? "", issue?.message ?? "it is not as the format wants it");
  }
  return read.data as Record<TalkKind, Talk>;
}
