import { TIMED_STEPS, type ModelFigures, type RunFigures } from "../store";
import { addModel } from "./model-sums";

/** Upper bounds in seconds: from a model that is warm to one that is downloaded first. */
const BOUNDS_S = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640];

/** How many values were not above each bound. In seconds. */
export interface Histogram {
  labels: Record<string, string>;
  buckets: { bound: number; count: number }[];
  sum: number;
  count: number;
}

export interface Count {
  labels: Record<string, string>;
  value: number;
}

/** What was counted since the process began. */
export interface CountersSnapshot {
  turns: Count[];
  errors: Count[];
  decisions: Count[];
  segments: Count[];
  promptedTurns: number;
  swaps: number;
  models: ModelFigures[];
  turnSeconds: Histogram[];
  firstTokenSeconds: Histogram[];
  waitSeconds: Histogram[];
  stepSeconds: Histogram[];
}

/** Counts runs as they end. Nothing is ever taken away again, as Prometheus expects of a counter. */
export class RunCounters {
  readonly #turns = new LabelledCounts();
  readonly #errors = new LabelledCounts();
  readonly #decisions = new LabelledCounts();
  readonly #segments = new LabelledCounts();
  readonly #models = new Map<string, ModelFigures>();
  readonly #turnSeconds = new LabelledHistograms();
  readonly #firstTokenSeconds = new LabelledHistograms();
  readonly #waitSeconds = new LabelledHistograms();
  readonly #stepSeconds = new LabelledHistograms();
  #promptedTurns = 0;
  #swaps = 0;

  add(figures: RunFigures): void {
    const { source, outcome, durationMs, firstTokenMs, waitMs } = figures;
    this.#turns.add({ source, outcome });
    this.#swaps += figures.swaps;
    if (figures.errorCode !== null) this.#errors.add({ code: figures.errorCode });
    for (const { id, answer, source: by } of figures.decisions ?? []) this.#decisions.add({ decision: id, answer, by });
    if (figures.segments !== null) this.#promptedTurns += 1;
    for (const segment of figures.segments ?? []) this.#segments.add({ segment });
    for (const model of figures.models) addModel(this.#models, model);
    if (durationMs !== null) this.#turnSeconds.see({ source }, durationMs);
    if (firstTokenMs !== null) this.#firstTokenSeconds.see({ source }, firstTokenMs);
    if (waitMs !== null) this.#waitSeconds.see({ source }, waitMs);
    for (const step of TIMED_STEPS) {
      const ms = figures.stepMs[step];
      if (ms !== undefined) this.#stepSeconds.see({ step }, ms);
    }
  }

  snapshot(): CountersSnapshot {
    return {
      turns: this.#turns.all(),
      errors: this.#errors.all(),
      decisions: this.#decisions.all(),
      segments: this.#segments.all(),
      promptedTurns: this.#promptedTurns,
      swaps: this.#swaps,
      models: [...this.#models.values()].map((model) => ({ ...model })),
      turnSeconds: this.#turnSeconds.all(),
      firstTokenSeconds: this.#firstTokenSeconds.all(),
      waitSeconds: this.#waitSeconds.all(),
      stepSeconds: this.#stepSeconds.all(),
    };
  }
}

class LabelledCounts {
  readonly #counts = new Map<string, Count>();

  add(labels: Record<string, string>): void {
    const key = JSON.stringify(Object.values(labels));
    const known = this.#counts.get(key);
    if (known === undefined) this.#counts.set(key, { labels, value: 1 });
    else known.value += 1;
  }

  all(): Count[] {
    return [...this.#counts.values()].map((count) => ({ ...count }));
  }
}

class LabelledHistograms {
  readonly #histograms = new Map<string, Histogram>();

  see(labels: Record<string, string>, ms: number): void {
    const key = JSON.stringify(Object.values(labels));
    let histogram = this.#histograms.get(key);
    if (histogram === undefined) {
      histogram = { labels, buckets: BOUNDS_S.map((bound) => ({ bound, count: 0 })), sum: 0, count: 0 };
      this.#histograms.set(key, histogram);
    }
    const seconds = ms / 1000;
    for (const bucket of histogram.buckets) if (seconds <= bucket.bound) bucket.count += 1;
    histogram.sum += seconds;
    histogram.count += 1;
  }

  all(): Histogram[] {
    return [...this.#histograms.values()].map((histogram) => ({
      ...histogram,
      buckets: histogram.buckets.map((bucket) => ({ ...bucket })),
    }));
  }
}
