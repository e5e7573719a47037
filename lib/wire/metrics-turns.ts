import type { AlertName, CountersSnapshot } from "../analytics";
import type { Metric } from "./prometheus";
import { counter, gauge, histogram } from "./prometheus-metrics";

/** What `/metrics` tells of runs that have ended; the runtime's figures fit. Bytes; null where nobody knows. */
export interface TurnReport {
  counters: CountersSnapshot;
  gauges: {
    conversations: number;
    likes: number;
    dislikes: number;
    visitorsOfDay: number;
    databaseBytes: number;
    freeDiskBytes: number | null;
    evictions: [model: string, times: number][];
    alerts: { name: string }[];
  };
}

/** A record, so that a new alert does not compile until it stands here. */
const ALERTS = Object.keys({
  memory_budget: true,
  disk_free: true,
  evictions: true,
} satisfies Record<AlertName, true>);

export function turnMetrics({ counters, gauges }: TurnReport): Metric[] {
  const one = (value: number | null): Metric["samples"] => [{ value }];
  const ofModels = (valueOf: (model: CountersSnapshot["models"][number]) => number): Metric["samples"] =>
    counters.models.map((model) => ({ labels: { model: model.model }, value: valueOf(model) }));
  return [
    counter("turns_total", "Turns that have ended, by who asked and how they ended.", counters.turns),
    counter("turn_errors_total", "Turns that failed, by the code of their error.", counters.errors),
    histogram("turn_duration_seconds", "Turns from beginning to end.", counters.turnSeconds),
    histogram(
      "time_to_first_token_seconds",
      "From a turn's beginning to the first token of its answer, or of the thought in front of it.",
      counters.firstTokenSeconds,
    ),
    histogram("model_wait_seconds", "What a turn waited for its models: queue, download, load.", counters.waitSeconds),
    histogram("step_duration_seconds", "What all steps of one kind took in a turn.", counters.stepSeconds),
    counter(
      "prompt_tokens_total",
      "Tokens of prompts: evaluated, or reused from before.",
      counters.models.flatMap(({ model, prefilled, reused }) => [
        { labels: { model, kind: "evaluated" }, value: prefilled },
        { labels: { model, kind: "reused" }, value: reused },
      ]),
    ),
    counter(
      "generated_tokens_total",
      "Tokens that models have written.",
      ofModels(({ generated }) => generated),
    ),
    counter(
      "prefill_seconds_total",
      "Time in which models read prompts.",
      ofModels(({ prefillMs }) => prefillMs / 1000),
    ),
    counter(
      "decode_seconds_total",
      "Time in which models wrote.",
      ofModels(({ decodeMs }) => decodeMs / 1000),
    ),
    counter("decisions_total", "Answers to the questions of turns, and who gave them.", counters.decisions),
    counter("prompted_turns_total", "Turns of the agent that came to their end.", one(counters.promptedTurns)),
    counter("prompt_segments_total", "Turns in which a segment of the prompt was on.", counters.segments),
    counter("swaps_total", "Models that left memory for a turn of the agent.", one(counters.swaps)),
    counter(
      "model_evictions_total",
      "Times that a model had to leave memory for another one.",
      gauges.evictions.map(([model, value]) => ({ labels: { model }, value })),
    ),
    gauge("conversations", "Conversations that are kept.", one(gauges.conversations)),
    gauge("feedback", "Opinions on answers that are kept.", [
      { labels: { rating: "like" }, value: gauges.likes },
      { labels: { rating: "dislike" }, value: gauges.dislikes },
    ]),
    gauge("visitors_last_day", "Visitors who had a turn in the last 24 hours.", one(gauges.visitorsOfDay)),
    gauge("database_size_bytes", "The database, without its log.", one(gauges.databaseBytes)),
    gauge(
      "disk_free_bytes",
      "Free on the fuller of the disks with the data and the models.",
      one(gauges.freeDiskBytes),
    ),
    gauge(
      "alert_active",
      "How many alerts of this name last: see /api/alerts.",
      ALERTS.map((alert) => ({
        labels: { alert },
        value: gauges.alerts.filter(({ name }) => name === alert).length,
      })),
    ),
  ];
}
