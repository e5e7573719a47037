import { z } from "zod";

/** A text that names something; evaluations of strangers' files are read, too. */
const name = z.string().max(300);
const count = z.number().int().nonnegative();
const bytes = count.nullable();
const time = z.number().nonnegative();
const share = z.number().min(0).max(1);

/** How often something was so, with Wilson's interval of 95 %. All zero when it was never looked at. */
const proportion = z.object({ passed: count, n: count, low: share, high: share });

const rate = proportion.extend({ name, label: name, goal: share.nullable() });

const decision = proportion.extend({
  question: name,
  /** Whether the right answer was composed with the message, or is what the project's own rules say of it. */
  labels: z.enum(["composed", "rule"]),
  /** Who decided: the model, the rule where that was unsure or gone, or neither where it was known without asking. */
  source: z.enum(["model", "rule", "known"]),
  confusion: z.array(z.object({ truth: name, decided: name, count })).max(100),
});

const model = z.object({
  role: z.enum(["response", "reasoning"]),
  id: name,
  source: name,
  parameters: count.nullable(),
  file_bytes: bytes,
  /** Of the curriculum that the model says it has learned; null when it says nothing. */
  curriculum_sha256: name.nullable(),
});

const speed = z.object({
  /** From the question to the first text of the answer, with the models loaded. */
  first_token_ms: z.object({ p50: time, p95: time }).nullable(),
  /** Of writing alone. */
  tokens_per_second: z.object({ response: time.nullable(), reasoning: time.nullable() }),
  /** The most that a model's process held in any step. */
  peaks: z.array(z.object({ model: name, bytes: count })).max(20),
  /** The most that all models held together when a turn ended. */
  together_bytes: bytes,
  /** Times that a model left memory for another. */
  swaps: count,
  /** Times that a domain's context made room for another's, with no weights loaded. */
  context_swaps: count,
});

/** One run of `npm run eval`. Times in ms, sizes in bytes; null is "not known" or "does not apply". */
export const evaluationSchema = z.object({
  version: z.literal(1),
  /** Its file's name without the ending; later ones sort behind earlier ones. */
  id: z.string().regex(/^[0-9TZ-]{1,40}$/),
  /** Since 1970. */
  began_at: time,
  took_ms: time,
  seed: count,
  domain: name.nullable(),
  /** Cases asked for at most; null: all. */
  limit: count.nullable(),
  /** Kinds of cases; empty: all. */
  only: z.array(name).max(20),
  curriculum: z.object({ sha256: name, topics: count }),
  models: z.array(model).max(20),
  /** `taught`: answers are compared with the words that the model was taught; `facts`: with what they are about. */
  measure: z.enum(["taught", "facts"]),
  /**
   * How many right texts that it does not know the measure `facts` takes for right: explanations, and simpler ones, which
   * avoid the terms. Null for `taught`.
   */
  measure_check: z.object({ explained: proportion, simpler: proportion }).nullable(),
  cases: count,
  turns: count,
  /** Turns that ended without an answer, by error code. */
  failures: z.array(z.object({ code: name, count })).max(100),
  /** What was wrong with the form of answers. */
  form_problems: z.array(z.object({ problem: name, count })).max(100),
  rates: z.array(rate).max(100),
  decisions: z.array(decision).max(100),
  speed,
});

export type Evaluation = z.infer<typeof evaluationSchema>;
export type Proportion = z.infer<typeof proportion>;
export type EvaluationRate = z.infer<typeof rate>;

/** The body of `GET /api/evals`: the newest first. */
export interface EvaluationsBody {
  evaluations: Evaluation[];
}

/** Null for a text that is no evaluation, or one of another version. */
export function parseEvaluation(text: string): Evaluation | null {
  try {
    return evaluationSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
