import { z } from "zod";

import type {
  AgentRole,
  CalculationDisplay,
  ChartDisplay,
  Decision,
  DecisionId,
  FinishedStep,
  PracticeQuestion,
  PromptSwitch,
  StepId,
  StepName,
  ThinkingKind,
  ToolDisplay,
} from "../agent";
import type { ErrorRecord } from "../errors";
import { errorRecordOf } from "./errors";

/*
 * What a turn leaves behind, as a conversation from anywhere may have it. Each schema takes what the agent writes and
 * nothing else; names that are not its own are dropped.
 */

const count = z.number().min(0);

export const StepNumber = z.number().int().min(0).max(1_000_000);

const Switch = oneOf<PromptSwitch>({
  MATH_THINKING: true,
  QUESTION_ANSWER_DESIGN: true,
  REASONING_THINKING: true,
  VAGUE_INPUT: true,
  USER_UNDERSTANDING: true,
  GENERAL_FORMATTING: true,
  LATEX_FORMATTING: true,
  GUIDING_TEACHING: true,
  STRUCTURE_PRACTICE_QUESTIONS: true,
  PRACTICE_QUESTION_FOLLOWUP: true,
  TOOL_USE_ENHANCEMENT: true,
});
export const Switches = z.array(Switch);

export const StoredError: z.ZodType<ErrorRecord> = z
  .object({ code: z.string(), message: z.string(), fields: z.record(z.string(), z.unknown()).catch({}) })
  .refine((error): error is ErrorRecord => errorRecordOf(error).code === error.code);

const stepId = {
  step: StepNumber,
  name: oneOf<StepName>({ rules: true, slot: true, decision: true, tool: true, thinking: true, response: true }),
  detail: z.string().nullable(),
  role: oneOf<AgentRole>({ reasoning: true, response: true }).nullable(),
};

export const OpenStep = z.object(stepId) satisfies z.ZodType<StepId>;

export const EndedStep = z.object({
  ...stepId,
  model: z.string().nullable(),
  swapped_out: z.array(z.string()).max(100).catch([]),
  domain: z.string().max(100).optional().catch(undefined),
  context_replaced: z.string().max(500).optional().catch(undefined),
  stands_in_for: z.string().max(500).optional().catch(undefined),
  stands_in_why: z.string().max(5_000).optional().catch(undefined),
  duration_ms: count,
  prefill_ms: count,
  decode_ms: count,
  prefilled: count,
  reused: count,
  generated: count,
  memory_bytes: count.nullable(),
  outcome: oneOf<FinishedStep["outcome"]>({ done: true, failed: true, aborted: true }),
  error: StoredError.nullable().catch(null),
}) satisfies z.ZodType<FinishedStep>;

export const StoredDecision = z.object({
  id: oneOf<DecisionId>({ chart: true, practice: true, clarity: true, followup: true, teaching: true, domain: true }),
  answer: z.string(),
  probability: z.number().min(0).max(1).nullable(),
  source: oneOf<Decision["source"]>({ model: true, rule: true }),
  reason: z.string().nullable(),
  switches: Switches,
}) satisfies z.ZodType<Decision>;

export const Practice = z
  .object({
    kind: oneOf<PracticeQuestion["kind"]>({ choice: true, "select-all": true, written: true }),
    text: z.string(),
    options: z.array(z.object({ letter: z.string().regex(/^[A-Z]$/), text: z.string() })).max(26),
    start: count,
    end: count,
  })
  .refine(({ start, end }) => start <= end) satisfies z.ZodType<PracticeQuestion>;

export const ThoughtKind = oneOf<ThinkingKind | "response">({
  math: true,
  practice: true,
  reasoning: true,
  response: true,
});

const Chart = z
  .object({
    kind: z.literal("chart"),
    type: oneOf<ChartDisplay["type"]>({ bar: true, line: true, pie: true }),
    title: z.string(),
    x_label: z.string(),
    y_label: z.string(),
    context: z.string(),
    labels: z.array(z.string()),
    series: z.array(z.object({ name: z.string(), values: z.array(z.number()) })).min(1),
    description: z.string(),
  })
  .refine(({ labels }) => new Set(labels).size === labels.length)
  .refine(({ labels, series }) => series.every(({ values }) => values.length === labels.length))
  .refine(({ type, series }) => type !== "pie" || series.length === 1) satisfies z.ZodType<ChartDisplay>;

const Calculation = z.object({
  kind: z.literal("calculation"),
  expression: z.string(),
  result: z.string(),
  exact: z.string().nullable(),
  approximate: z.string().nullable(),
  steps: z.array(z.string()),
  latex: z.string().nullable(),
}) satisfies z.ZodType<CalculationDisplay>;

export const Display: z.ZodType<ToolDisplay> = z.union([Chart, Calculation]);

/** One of the names of a type; a name that is missing here does not compile. */
export function oneOf<Name extends string>(names: Record<Name, true>) {
  return z.enum(Object.keys(names) as [Name, ...Name[]]);
}
