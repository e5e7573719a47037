import { messageOf } from "../errors";
import {
  machineSampleReaders,
  SAMPLE_EVERY_MS,
  SampleReader,
  startSampler,
  type LatestGpus,
  type MemoryEvent,
  type MemoryEventQuery,
  type MemorySample,
  type NewMemoryEvent,
  type SampledProcess,
  type SampleLimits,
} from "../memory";
import { MemoryEventStore, SampleStore, type SampledPoints, type SampleRange } from "../store";
import type { RuntimeDatabase } from "./database";
import { MemoryPeaks, type SeriesPeaks } from "./memory-peaks";

/** Samples written together: what a kill may cost is ten seconds. */
const BATCH = 5;
/** Half an hour of samples wait for a database that cannot be written; then the oldest go. */
const MOST_WAITING = 900;
const TRIM_EVERY_MS = 10 * 60_000;

/** Memory over time, as asked for. Times in ms since the epoch. */
export interface MemorySamples extends SampledPoints {
  from: number;
  to: number;
  /** Ask with this as `after` and hear only of what is new: buckets that changed come again. */
  next: number;
}

export interface HistorySettings {
  /** How long samples are kept, in ms; 0: none are taken. */
  keepMs: number;
  /** What they may take in the database, in bytes. */
  maxBytes: number;
}

/** Memory over time and what happened meanwhile: sampled, kept in the database, read. */
export class MemoryHistory {
  readonly #database: RuntimeDatabase;
  readonly #settings: HistorySettings;
  readonly #warn: (warning: string) => void;
  readonly #peaks: MemoryPeaks;
  #waiting: MemorySample[] = [];
  #lost = 0;
  #newest = 0;
  #hasWarned = false;
  #samples: SampleStore | null = null;
  #events: MemoryEventStore | null = null;
  #end: (() => void) | null = null;

  /** @param parts.warn told once when something cannot be kept */
  constructor(parts: { database: RuntimeDatabase; settings: HistorySettings; warn: (warning: string) => void }) {
    this.#database = parts.database;
    this.#settings = parts.settings;
    this.#warn = parts.warn;
    this.#peaks = new MemoryPeaks(parts.settings.keepMs);
  }

  /** Begins to take samples, and marks the start of this server. To be called once. */
  start(machine: { processes: () => readonly SampledProcess[]; limits: SampleLimits; gpus: LatestGpus }): void {
    this.note({ time: Date.now(), event: "server_started" });
    const ends: (() => void)[] = [];
    this.#end = () => ends.forEach((end) => end());
    if (this.#settings.keepMs === 0) return;
    const reader = new SampleReader({ ...machine, readers: machineSampleReaders() });
    ends.push(startSampler({ read: (time) => reader.read(time), take: (sample) => this.#take(sample) }));
    const timer = setInterval(() => this.#trim(), TRIM_EVERY_MS).unref();
    ends.push(() => clearInterval(timer));
  }

  /** Whether `start` was called and `close` was not. */
  get isKept(): boolean {
    return this.#end !== null;
  }

  /** Samples that could not be written, and are gone. */
  get lost(): number {
    return this.#lost;
  }

  /** Keeps an event; one that cannot be written is lost. */
  note(event: NewMemoryEvent): void {
    try {
      this.#eventStore().append(event);
    } catch (thrown) {
      this.#warnOnce(thrown);
    }
  }

  /**
   * A stretch of the past, of this and earlier servers. Nothing where there is no database yet: reading makes none.
   *
   * @throws MemwellError `engine_closed`; whatever SQLite says when the file cannot be read any more
   */
  async samples(range: SampleRange): Promise<MemorySamples> {
    const points = this.#database.exists
      ? await this.#sampleStore().read(range, () => this.#waiting)
      : { step: SAMPLE_EVERY_MS, times: [], series: [] };
    const { from, to, after = from } = range;
    const last = points.times.at(-1);
    // Nothing is written into the past while this server runs; what another one writes, its next bucket brings along.
    const seen = this.#newest > 0 ? this.#newest : last === undefined ? after : last + points.step - 1;
    return { from, to, ...points, next: Math.max(after, Math.min(seen, to)) };
  }

  /** As `samples`. */
  events(query: MemoryEventQuery): MemoryEvent[] {
    return this.#database.exists ? this.#eventStore().read(query) : [];
  }

  /** The most of each series. Nothing where there is no database yet, or none that can be read. */
  peaks(): SeriesPeaks[] {
    try {
      if (!this.#database.exists) return [];
      return this.#peaks.report(() => this.#sampleStore().peaks(), Date.now());
    } catch (thrown) {
      this.#warnOnce(thrown);
      return [];
    }
  }

  /** Writes what waits. The database stays its owner's to close. Safe to call twice. */
  close(): void {
    if (this.#end === null) return;
    this.#end();
    this.#end = null;
    this.#write();
    this.note({ time: Date.now(), event: "server_stopped" });
  }

  #take(sample: MemorySample): void {
    this.#newest = sample.time;
    this.#peaks.see(sample);
    this.#waiting.push(sample);
    if (this.#waiting.length >= BATCH) this.#write();
  }

  #write(): void {
    try {
      this.#sampleStore().append(this.#waiting);
      this.#waiting = [];
    } catch (thrown) {
      this.#warnOnce(thrown);
      const surplus = this.#waiting.length - MOST_WAITING;
      if (surplus > 0) this.#lost += this.#waiting.splice(0, surplus).length;
    }
  }

  #trim(): void {
    try {
      this.#sampleStore().trim();
    } catch {
      // Another process writes, or the disk is full: the next time will do.
    }
  }

  #warnOnce(thrown: unknown): void {
    if (!this.#hasWarned) this.#warn(`Memory over time cannot be kept now (${messageOf(thrown)}); it is tried again.`);
    this.#hasWarned = true;
  }

  #sampleStore(): SampleStore {
    const database = this.#database.open();
    return (this.#samples ??= new SampleStore(database, this.#settings));
  }

  #eventStore(): MemoryEventStore {
    const database = this.#database.open();
    const maxAgeMs = this.#settings.keepMs;
    return (this.#events ??= new MemoryEventStore(database, maxAgeMs > 0 ? { maxAgeMs } : {}));
  }
}
