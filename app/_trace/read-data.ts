import type { StepData } from "@/lib/wire";

/** A step as the trace shows it: what is not known is 0 or null. Times in ms, sizes in bytes. */
export interface TracedStep {
  step: number;
  /** `rules`, `slot`, `decision`, `tool`, `thinking`, `response`, or one that this page does not know yet. */
  name: string;
  detail: string | null;
  role: string | null;
  state: StepData["state"];
  error: string | null;
  model: string | null;
  /** The models that left memory for it. */
  swappedOut: string[];
  /** The domain whose adapter worked; null where none did. */
  domain: string | null;
  /** Whose context made room for this domain's, without a load: a domain, or a model. */
  contextReplaced: string | null;
  /** The model whose place this one took, since it cannot be had, and why; null where none was. */
  standsInFor: string | null;
  standsInWhy: string | null;
  duration_ms: number;
  prefill_ms: number;
  decode_ms: number;
  prefilled: number;
  reused: number;
  generated: number;
  memory_bytes: number | null;
}

export interface TracedDecision {
  id: string;
  answer: string;
  /** 0 to 1; null where no model was asked. */
  probability: number | null;
  isByRule: boolean;
  reason: string | null;
}

type Fields = Record<string, unknown>;

const STATES: readonly StepData["state"][] = ["running", "interrupted", "done", "failed", "aborted"];
/** Beyond it a figure is no measurement. */
const LARGEST = 1e15;
const LONGEST_TEXT = 2_000;

/** The data of a `data-step` part; null when it is none. */
export function readStep(data: unknown): TracedStep | null {
  const fields = fieldsOf(data);
  const { step } = fields;
  const name = text(fields.name);
  const state = STATES.find((known) => known === fields.state);
  if (name === null || state === undefined || !Number.isSafeInteger(step)) return null;
  return {
    step: step as number,
    name,
    detail: text(fields.detail),
    role: text(fields.role),
    state,
    error: text(fieldsOf(fields.error).message),
    model: text(fields.model),
    swappedOut: Array.isArray(fields.swapped_out) ? fields.swapped_out.flatMap((id) => text(id) ?? []) : [],
    domain: text(fields.domain),
    contextReplaced: text(fields.context_replaced),
    standsInFor: text(fields.stands_in_for),
    standsInWhy: text(fields.stands_in_why),
    duration_ms: figure(fields.duration_ms) ?? 0,
    prefill_ms: figure(fields.prefill_ms) ?? 0,
    decode_ms: figure(fields.decode_ms) ?? 0,
    prefilled: figure(fields.prefilled) ?? 0,
    reused: figure(fields.reused) ?? 0,
    generated: figure(fields.generated) ?? 0,
    memory_bytes: figure(fields.memory_bytes),
  };
}

/** The data of a `data-decision` part; null when it is none. */
export function readDecision(data: unknown): TracedDecision | null {
  const fields = fieldsOf(data);
  const id = text(fields.id);
  const answer = text(fields.answer);
  if (id === null || answer === null) return null;
  const share = figure(fields.probability);
  const probability = share === null ? null : Math.min(1, share);
  return { id, answer, probability, isByRule: fields.source === "rule", reason: text(fields.reason) };
}

/** How a turn went as a whole, as far as steps do not tell it. */
export interface TracedEnd {
  /** `stop`, `length`, or `aborted`. */
  finishReason: string | null;
  omittedTurns: number;
}

/** The data of a `data-turn` part. */
export function readEnd(data: unknown): TracedEnd {
  const { finishReason, omittedTurns } = fieldsOf(data);
  return { finishReason: text(finishReason), omittedTurns: figure(omittedTurns) ?? 0 };
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value.slice(0, LONGEST_TEXT) : null;
}

function figure(value: unknown): number | null {
  return typeof value === "number" && value >= 0 && value <= LARGEST ? value : null;
}
