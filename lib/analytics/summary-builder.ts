import { TIMED_STEPS, type CountedRating, type ModelFigures, type RunFigures, type TimedStep } from "../store";
import { addModel } from "./model-sums";
import { queueMsOf, tokensPerSecond } from "./rates";
import { spreadOf, type Spread } from "./spread";
import type { ModelTotals, Summary } from "./summary";

type Spreads = "first_token_ms" | "turn_ms" | "wait_ms" | "queue_ms" | "load_ms" | "tokens_per_second";

const COUNTS = ["turns", "likes", "dislikes", "swaps", "prompted_turns"] as const;

/** Adds up runs to one `Summary`. */
export class SummaryBuilder {
  readonly #counts: Record<(typeof COUNTS)[number], number> = {
    turns: 0,
    likes: 0,
    dislikes: 0,
    swaps: 0,
    prompted_turns: 0,
  };
  readonly #sources: Record<string, number> = {};
  readonly #outcomes: Record<string, number> = {};
  readonly #errors: Record<string, number> = {};
  readonly #visitors = new Set<string>();
  readonly #conversations = new Set<string>();
  readonly #models = new Map<string, ModelFigures>();
  readonly #decisions: Summary["decisions"] = {};
  readonly #segments: Record<string, number> = {};
  readonly #values: Record<Spreads, number[]> = {
    first_token_ms: [],
    turn_ms: [],
    wait_ms: [],
    queue_ms: [],
    load_ms: [],
    tokens_per_second: [],
  };
  readonly #stepMs: Record<TimedStep, number[]> = { rules: [], decision: [], tool: [], thinking: [], response: [] };

  add(figures: RunFigures): void {
    this.#counts.turns += 1;
    this.#counts.swaps += figures.swaps;
    count(this.#sources, figures.source);
    count(this.#outcomes, figures.outcome);
    if (figures.errorCode !== null) count(this.#errors, figures.errorCode);
    if (figures.visitor !== null) this.#visitors.add(figures.visitor);
    if (figures.conversation !== null) this.#conversations.add(figures.conversation);
    this.#addTimes(figures);
    for (const model of figures.models) addModel(this.#models, model);
    for (const { id, answer, source } of figures.decisions ?? []) {
      const decision = (this.#decisions[id] ??= { answers: {}, sources: {} });
      count(decision.answers, answer);
      count(decision.sources, source);
    }
    if (figures.segments !== null) this.#counts.prompted_turns += 1;
    for (const segment of figures.segments ?? []) count(this.#segments, segment);
  }

  rate({ rating }: CountedRating): void {
    this.#counts[rating === "like" ? "likes" : "dislikes"] += 1;
  }

  /** Adds all that another one has added up; that one stays as it is. */
  absorb(other: SummaryBuilder): void {
    for (const name of COUNTS) this.#counts[name] += other.#counts[name];
    addCounts(this.#sources, other.#sources);
    addCounts(this.#outcomes, other.#outcomes);
    addCounts(this.#errors, other.#errors);
    addCounts(this.#segments, other.#segments);
    for (const visitor of other.#visitors) this.#visitors.add(visitor);
    for (const conversation of other.#conversations) this.#conversations.add(conversation);
    for (const model of other.#models.values()) addModel(this.#models, model);
    for (const [id, { answers, sources }] of Object.entries(other.#decisions)) {
      const decision = (this.#decisions[id] ??= { answers: {}, sources: {} });
      addCounts(decision.answers, answers);
      addCounts(decision.sources, sources);
    }
    for (const name of Object.keys(this.#values) as Spreads[]) append(this.#values[name], other.#values[name]);
    for (const step of TIMED_STEPS) append(this.#stepMs[step], other.#stepMs[step]);
  }

  build(): Summary {
    const spreads = Object.fromEntries(
      Object.entries(this.#values).map(([name, values]) => [name, spreadOf(values)]),
    ) as Record<Spreads, Spread | null>;
    const steps = TIMED_STEPS.map((step) => [step, spreadOf(this.#stepMs[step])]);
    return {
      ...this.#counts,
      ...spreads,
      sources: this.#sources,
      outcomes: this.#outcomes,
      errors: this.#errors,
      visitors: this.#visitors.size,
      conversations: this.#conversations.size,
      step_ms: Object.fromEntries(steps) as Summary["step_ms"],
      models: Object.fromEntries([...this.#models].map(([id, sums]) => [id, modelTotals(sums)])),
      decisions: this.#decisions,
      segments: this.#segments,
    };
  }

  #addTimes(figures: RunFigures): void {
    const { waitMs, loadMs } = figures;
    this.#value("first_token_ms", figures.firstTokenMs);
    this.#value("turn_ms", figures.durationMs);
    this.#value("wait_ms", waitMs);
    this.#value("load_ms", loadMs);
    this.#value("queue_ms", queueMsOf(figures));
    this.#value("tokens_per_second", tokensPerSecond(figures.answerTokens, figures.answerMs));
    for (const step of TIMED_STEPS) {
      const ms = figures.stepMs[step];
      if (ms !== undefined) this.#stepMs[step].push(ms);
    }
  }

  #value(name: Spreads, value: number | null): void {
    if (value !== null) this.#values[name].push(value);
  }
}

function modelTotals(sums: ModelFigures): ModelTotals {
  return {
    steps: sums.steps,
    prefilled: sums.prefilled,
    reused: sums.reused,
    generated: sums.generated,
    prefill_ms: sums.prefillMs,
    decode_ms: sums.decodeMs,
    prefill_tokens_per_second: tokensPerSecond(sums.prefilled, sums.prefillMs),
    decode_tokens_per_second: tokensPerSecond(sums.generated, sums.decodeMs),
  };
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

function addCounts(counts: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(more)) counts[name] = (counts[name] ?? 0) + value;
}

function append(values: number[], more: readonly number[]): void {
  for (const value of more) values.push(value);
}
