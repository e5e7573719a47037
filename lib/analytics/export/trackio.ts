import type { Database, Statement } from "better-sqlite3";
import type { RunAnswer, RunFigures, StoredAlert } from "../../store";
import { EXPORT_KEY, TRACKIO_SCHEMA } from "./trackio-schema";
import { traceOf } from "./trackio-trace";
import { metricsOf, systemMetricsOf, type SystemSample } from "./trackio-values";

export interface TrackioSource {
  /** In the order in which they began. */
  runs: Iterable<RunFigures[]>;
  /** What was held at the steps of models. */
  samples: Iterable<SystemSample>;
  /** What the machine held over time, whoever worked; oldest first. */
  moments: Iterable<SystemSample>;
  alerts: Iterable<StoredAlert>;
  /** The words and steps of a run in a conversation; null where there are none. */
  answerOf: (run: string) => RunAnswer | null;
  withTexts: boolean;
  /** In ms since the epoch. */
  exportedAt: number;
}

/** What trackio calls a run: here all turns that one model answered, one after the other as steps. */
interface TrackioRun {
  id: string;
  name: string;
  steps: number;
}

const UNANSWERED = "no answer";
/** No model's: an id of a model has another beginning. */
const MACHINE = { id: "memwell-machine", name: "machine" };

/**
 * Fills an empty database as a project of trackio: a run for each model that answered, a step for each turn it answered with
 * its figures as metrics and, where its steps are known, a trace; what was held at its steps as system metrics, and over
 * time as those of one more run, the machine; alerts. A project without a turn has a run all the same when there is memory
 * to show, since trackio shows no other.
 */
export function writeTrackio(database: Database, source: TrackioSource): void {
  database.exec(TRACKIO_SCHEMA);
  const writer = new TrackioWriter(database);
  const fill = database.transaction(() => {
    for (const page of source.runs) {
      for (const figures of page) {
        const trace = source.answerOf(figures.run);
        writer.addTurn(figures, trace === null ? null : traceOf(trace, source.withTexts));
      }
    }
    for (const sample of source.samples) writer.addSample(sample);
    writer.addMachine(source.moments);
    for (const alert of source.alerts) writer.addAlert(alert);
    database.prepare("INSERT INTO project_metadata VALUES (?, ?)").run(EXPORT_KEY, iso(source.exportedAt));
  });
  fill();
}

class TrackioWriter {
  readonly #runs = new Map<string, TrackioRun>();
  readonly #metrics: Statement;
  readonly #system: Statement;
  readonly #config: Statement;
  readonly #trace: Statement;
  readonly #alert: Statement;

  constructor(database: Database) {
    this.#metrics = database.prepare(
      "INSERT INTO metrics (run_id, timestamp, run_name, step, metrics, log_id) VALUES (?, ?, ?, ?, ?, ?)",
    );
    this.#system = database.prepare(
      "INSERT INTO system_metrics (run_id, timestamp, run_name, metrics) VALUES (?, ?, ?, ?)",
    );
    this.#config = database.prepare("INSERT INTO configs (run_id, run_name, config, created_at) VALUES (?, ?, ?, ?)");
    this.#trace = database.prepare(
      `INSERT INTO traces (id, run_id, timestamp, run_name, step, key, messages, metadata, search_text, log_id)
       VALUES (?, ?, ?, ?, ?, 'turn', ?, ?, ?, ?)`,
    );
    this.#alert = database.prepare(
      `INSERT INTO alerts (run_id, timestamp, run_name, title, text, level, alert_id) VALUES (?, ?, ?, ?, ?, 'warn', ?)`,
    );
  }

  addTurn(figures: RunFigures, trace: ReturnType<typeof traceOf>): void {
    const run = this.#runOf(figures.model ?? UNANSWERED, figures.beganAt);
    const time = iso(figures.beganAt);
    const step = run.steps;
    run.steps += 1;
    this.#metrics.run(run.id, time, run.name, step, json(metricsOf(figures)), figures.run);
    if (trace === null) return;
    const metadata = { run: figures.run, outcome: figures.outcome, source: figures.source, ...trace.metadata };
    const id = `${run.id}:${figures.run}:turn`;
    const search = `${id} turn ${words(trace.messages).join(" ")} ${words(metadata).join(" ")}`.toLowerCase();
    this.#trace.run(id, run.id, time, run.name, step, json(trace.messages), json(metadata), search, figures.run);
  }

  addSample(sample: SystemSample): void {
    const metrics = systemMetricsOf(sample);
    if (Object.keys(metrics).length === 0) return;
    const run = this.#shownRun(sample.model, sample.time);
    this.#system.run(run.id, iso(sample.time), run.name, json(metrics));
  }

  /** A run of its own: what a machine holds belongs to none of its models. */
  addMachine(moments: Iterable<SystemSample>): void {
    let first: number | null = null;
    let count = 0;
    for (const moment of moments) {
      const metrics = systemMetricsOf(moment);
      if (Object.keys(metrics).length === 0) continue;
      first ??= moment.time;
      count += 1;
      this.#system.run(MACHINE.id, iso(moment.time), MACHINE.name, json(metrics));
    }
    if (first === null) return;
    this.#configure(MACHINE, { machine: true }, first);
    this.#metrics.run(MACHINE.id, iso(first), MACHINE.name, 0, json({ "machine/samples": count }), null);
  }

  addAlert({ id, name, subject, text, beganAt }: StoredAlert): void {
    const run = this.#shownRun(subject, beganAt);
    this.#alert.run(run.id, iso(beganAt), run.name, name, text, `memwell-${id}`);
  }

  /** The model's own run, or else any: trackio shows none that has no metrics. */
  #shownRun(model: string | null, time: number): TrackioRun {
    const [any] = this.#runs.values();
    const run = (model === null ? undefined : this.#runs.get(model)) ?? any;
    if (run !== undefined) return run;
    const made = this.#runOf(model ?? UNANSWERED, time);
    made.steps += 1;
    this.#metrics.run(made.id, iso(time), made.name, 0, json({ "turn/swaps": 0 }), null);
    return made;
  }

  #runOf(model: string, time: number): TrackioRun {
    let run = this.#runs.get(model);
    if (run !== undefined) return run;
    run = { id: `memwell:${model}`, name: model, steps: 0 };
    this.#runs.set(model, run);
    this.#configure(run, { model }, time);
    return run;
  }

  #configure(run: { id: string; name: string }, config: object, time: number): void {
    const whole = { ...config, _Username: "memwell", _Created: iso(time), _Group: null };
    this.#config.run(run.id, run.name, json(whole), iso(time));
  }
}

/** As Python's `isoformat` writes it, which older versions of it read back. */
function iso(time: number): string {
  return new Date(time).toISOString().replace("Z", "+00:00");
}

/** Compact, as trackio looks into it with patterns; a number that JSON has no word for as trackio spells it. */
function json(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => {
    if (typeof item !== "number" || Number.isFinite(item)) return item;
    return Number.isNaN(item) ? "NaN" : item > 0 ? "Infinity" : "-Infinity";
  });
}

function words(value: unknown): string[] {
  if (value === null || value === undefined) return [];
  if (typeof value === "object") return Object.values(value).flatMap(words);
  return typeof value === "string" ? [value] : [JSON.stringify(value)];
}
