import { setImmediate as breathe } from "node:timers/promises";
import {
  alertEntry,
  AlertWatch,
  DayCache,
  EvictionCounts,
  measureRun,
  RunCounters,
  summarize,
  type AlertEntry,
  type CountersSnapshot,
  type MetricsSummary,
  type SummaryQuery,
} from "../../analytics";
import type { Config } from "../../config";
import { messageOf } from "../../errors";
import { freeBytes } from "../../hub";
import { AlertStore, FigureStore, RecentRuns, type RecentPage, type RecentQuery, type RunFigures } from "../../store";
import type { RuntimeDatabase } from "../database";
import type { AnalyticsGauges, RuntimeAnalytics } from "./contract";

const UPKEEP_EVERY_MS = 60_000;
const LOOK_EVERY_MS = 10_000;
const MOST_ALERTS = 100;

export interface AnalyticsParts {
  config: Config;
  database: RuntimeDatabase;
  /** What counts against the memory budget, in bytes. */
  held: () => { usedBytes: number; budgetBytes: number };
  warn: (warning: string) => void;
}

interface Stores {
  figures: FigureStore;
  recent: RecentRuns;
  alerts: AlertStore;
}

/** See `RuntimeAnalytics`. What cannot be recorded is warned of once, and never keeps anybody from an answer. */
export class RecordedAnalytics implements RuntimeAnalytics {
  readonly evictions = new EvictionCounts();
  readonly #counters = new RunCounters();
  readonly #days = new DayCache();
  readonly #startedAt = Date.now();
  readonly #upkeep: NodeJS.Timeout;
  #watching: { watch: AlertWatch; timer: NodeJS.Timeout } | null = null;
  #opened: Stores | null = null;
  #catchingUp: Promise<void> | null = null;
  #isBehind = false;
  #hasWarned = false;

  constructor(private readonly parts: AnalyticsParts) {
    this.#upkeep = setInterval(() => void this.#lookAfter(), UPKEEP_EVERY_MS).unref();
  }

  /** Keeps the figures of a run that stands in no conversation. */
  record(figures: RunFigures): void {
    this.#try(() => {
      if (this.#stores().figures.record(figures)) this.#counters.add(figures);
    });
  }

  /** What the ledger says a run's loads took, in ms; null when it says nothing. */
  loadMs(run: string): number | null {
    return this.#try(() => this.#stores().figures.loadMs(run)) ?? null;
  }

  /** Takes up the runs of conversations that have ended since. Never rejects. */
  catchUp(): Promise<void> {
    this.#isBehind = true;
    this.#catchingUp ??= this.#catchUp().finally(() => (this.#catchingUp = null));
    return this.#catchingUp;
  }

  async summary(query: SummaryQuery): Promise<MetricsSummary> {
    const nothing = { pages: () => [], ratings: () => [], stamp: () => "" };
    if (!this.parts.database.exists) return summarize(nothing, query, breathe);
    await this.catchUp();
    return summarize(this.#stores().figures, query, breathe, this.#days);
  }

  async recent(query: RecentQuery): Promise<RecentPage> {
    if (!this.parts.database.exists) return { runs: [], next: null };
    await this.catchUp();
    return this.#stores().recent.read(query, breathe);
  }

  alerts(): AlertEntry[] {
    return this.parts.database.exists ? this.#stores().alerts.recent(MOST_ALERTS).map(alertEntry) : [];
  }

  counters(): CountersSnapshot {
    return this.#counters.snapshot();
  }

  async gauges(): Promise<AnalyticsGauges> {
    const freeDiskBytes = await this.#freeDiskBytes();
    const evictions = [...this.evictions.totals()];
    const empty = { conversations: 0, likes: 0, dislikes: 0, visitorsOfDay: 0, bytes: 0 };
    const isThere = this.parts.database.exists;
    const { bytes: databaseBytes, ...census } = isThere ? this.#stores().figures.census() : empty;
    const alerts = this.alerts().filter(({ ended_at: endedAt }) => endedAt === null);
    return { ...census, databaseBytes, freeDiskBytes, evictions, alerts };
  }

  /** Looks every few seconds whether there is something to tell the owner of. */
  watchAlerts(log: (line: string) => void): void {
    if (this.#watching !== null) return;
    const { alerts } = this.parts.config.analytics;
    const watch = new AlertWatch({
      store: () => this.#stores().alerts,
      limits: alerts,
      webhook: alerts.webhook === null ? null : { address: alerts.webhook },
      read: async () => ({
        memory: this.parts.held(),
        freeDiskBytes: await this.#freeDiskBytes(),
        evictions: this.evictions.ofLastHour(),
      }),
      log,
    });
    const look = (): void => void watch.look().catch((thrown: unknown) => this.#warn(thrown));
    this.#watching = { watch, timer: setInterval(look, LOOK_EVERY_MS).unref() };
    look();
  }

  /** Takes up what has ended last. Never rejects. */
  async close(): Promise<void> {
    clearInterval(this.#upkeep);
    clearInterval(this.#watching?.timer);
    await this.#watching?.watch.close();
    await this.catchUp();
  }

  async #catchUp(): Promise<void> {
    while (this.#isBehind) {
      this.#isBehind = false;
      if (!this.parts.database.exists) return;
      for (let more = true; more;) {
        more = this.#try(() => this.#catchUpOnce()) ?? false;
        await breathe();
      }
    }
  }

  #catchUpOnce(): boolean {
    // Runs of before this process began, such as those from before there were figures, are none it has counted.
    const ofNow = new Set<string>();
    const { added, more } = this.#stores().figures.catchUp((run) => {
      if (run.finishedAt >= this.#startedAt) ofNow.add(run.id);
      return measureRun(run);
    });
    for (const figures of added) if (ofNow.has(figures.run)) this.#counters.add(figures);
    return more;
  }

  async #lookAfter(): Promise<void> {
    if (!this.parts.database.exists) return;
    await this.catchUp();
    this.#try(() => this.#stores().figures.trim());
  }

  /** Of the fuller disk: the one with the data, or the one with the models. */
  async #freeDiskBytes(): Promise<number | null> {
    const { dataDir, hub } = this.parts.config;
    const free = await Promise.all([dataDir, hub.cacheDir].map((folder) => freeBytes(folder)));
    const known = free.filter((bytes) => bytes !== null);
    return known.length === 0 ? null : Math.min(...known);
  }

  #try<Result>(work: () => Result): Result | null {
    try {
      return work();
    } catch (thrown) {
      this.#warn(thrown);
      return null;
    }
  }

  #warn(thrown: unknown): void {
    if (!this.#hasWarned)
      this.parts.warn(
        `The figures of a turn could not be kept (${messageOf(thrown)}); more may be lost without a word.`,
      );
    this.#hasWarned = true;
  }

  #stores(): Stores {
    const database = this.parts.database.open();
    const { maxAgeMs, maxRuns } = this.parts.config.analytics;
    this.#opened ??= {
      figures: new FigureStore(database, { maxAgeMs, maxRuns }),
      recent: new RecentRuns(database),
      alerts: new AlertStore(database),
    };
    return this.#opened;
  }
}
