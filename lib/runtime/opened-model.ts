import { statSync } from "node:fs";
import packageJson from "../../package.json";
import type { Config } from "../config";
import {
  defaultTimeouts,
  EngineProcess,
  type ChildSource,
  type ContextSettings,
  type LoadSettings,
  type ThreadChoice,
} from "../engine";
import type { ErrorRecord } from "../errors";
import { readModel } from "../gguf";
import { readProcessMemory } from "../memory";
import { fingerprintModelFile, footprintKey, type Footprint, type MeasurementStore } from "../residency";
import { forecastModel } from "./model-forecast";

/** How a process's contexts have changed since its load. Sizes in bytes. */
interface Changes {
  pid: number | null;
  /** It still says what it held with a context that is gone. */
  isPeakOld: boolean;
  /** What it held or will hold at least, while a context is being opened. */
  expected: number;
}

/** An engine with the settings it is loaded with, and what that takes. */
export class OpenedModel {
  private changes: Changes | null = null;

  private constructor(
    readonly engine: EngineProcess,
    private readonly forecast: Footprint,
    private readonly settings: LoadSettings,
    private readonly measured: { store: MeasurementStore; key: string },
  ) {
    this.recallThreads();
  }

  /** @throws MemwellError what is wrong with the file. */
  static async open(parts: {
    config: Config;
    path: string;
    contexts: ContextSettings[];
    source: ChildSource;
    measurements: MeasurementStore;
    onUnexpectedExit: (error: ErrorRecord) => void;
  }): Promise<OpenedModel> {
    const { config, path, contexts, source, measurements, onUnexpectedExit } = parts;
    const model = await readModel(path);
    const adapters = adaptersOf(contexts);
    const { settings, forecast } = forecastModel({ config, path, contexts, adapters, model });
    const engine = new EngineProcess(settings, source, defaultTimeouts, onUnexpectedExit);
    const key = footprintKey({
      fingerprint: await fingerprintModelFile(path),
      settings,
      adapters,
      libraryVersion: packageJson.dependencies["node-llama-cpp"],
    });
    return new OpenedModel(engine, forecast, settings, { store: measurements, key });
  }

  /** What a load will take, in bytes: the forecast, or what was measured before. */
  get footprintBytes(): number {
    const { forecast, measured } = this;
    return (this.peakSaysMuch ? measured.store.correct(measured.key, forecast) : forecast).total;
  }

  /** Those it is loaded with. */
  get contexts(): readonly ContextSettings[] {
    return this.settings.contexts;
  }

  /** What one context takes, without its adapter, in bytes. */
  get contextBytes(): number {
    return Math.ceil((this.forecast.kv + this.forecast.compute) / this.settings.contexts.length);
  }

  /** What its process counts as, in bytes: the most it has held with the contexts it has; null without one. */
  get heldBytes(): number | null {
    const memory = this.engine.pid === null ? null : readProcessMemory(this.engine.pid);
    if (memory === null) return null;
    const changes = this.changesNow;
    return Math.max(changes?.isPeakOld ? memory.rss : memory.peak, changes?.expected ?? 0);
  }

  /** What it holds, and so many contexts that are about to be opened, count from now on, until `settleContexts`. */
  claimContexts(more: 0 | 1): void {
    const expected = (this.heldBytes ?? 0) + more * this.contextBytes;
    this.changes = { pid: this.engine.pid, isPeakOld: this.changesNow?.isPeakOld ?? false, expected };
  }

  settleContexts(): void {
    if (this.changes !== null) this.changes.expected = 0;
  }

  /** A context was opened or closed. */
  changedContexts({ isPeakReset }: { isPeakReset?: boolean } = {}): void {
    const { isPeakOld = false, expected = 0 } = this.changesNow ?? {};
    this.changes = { pid: this.engine.pid, isPeakOld: isPeakReset === undefined ? isPeakOld : !isPeakReset, expected };
  }

  /** Null for a process whose contexts are those of its load. */
  private get changesNow(): Changes | null {
    return this.changes !== null && this.changes.pid === this.engine.pid ? this.changes : null;
  }

  /**
   * Remembers what the process held at most; call before it ends. A process that has not filled a batch yet has not touched
   * all of its buffers: what it held says nothing unless it was more than the forecast.
   */
  async rememberPeak(): Promise<void> {
    const { measured, heldBytes } = this;
    // With other contexts than those of its load it held something else.
    if (!this.peakSaysMuch || heldBytes === null || this.changesNow !== null) return;
    const wasFull = this.engine.largestPrefill >= this.settings.batchSize;
    if (wasFull || heldBytes > this.footprintBytes) await measured.store.record(measured.key, heldBytes);
  }

  /** Remembers how many threads turned out best; the next process starts with them. */
  async rememberThreads(choice: ThreadChoice): Promise<void> {
    const { threads } = this.settings;
    if (typeof threads === "number") return;
    await this.measured.store.recordThreads(this.measured.key, threads.max, choice);
    this.recallThreads();
  }

  private recallThreads(): void {
    const { threads } = this.settings;
    if (typeof threads !== "number") threads.remembered = this.measured.store.threadsOf(this.measured.key, threads.max);
  }

  /** On a GPU most of a model is not where its process's memory is counted. */
  private get peakSaysMuch(): boolean {
    return this.settings.gpu === false;
  }
}

/** Each adapter file once, in bytes. One that cannot be read counts as nothing: loading says what is wrong with it. */
export function adaptersOf(contexts: readonly ContextSettings[]): { fileBytes: number }[] {
  const paths = new Set(contexts.flatMap(({ adapter }) => (adapter === null ? [] : [adapter.path])));
  return [...paths].map((path) => ({ fileBytes: fileBytes(path) ?? 0 }));
}

/** Null when there is no such file. */
export function fileBytes(path: string): number | null {
  try {
    return statSync(path).size;
  } catch {
    return null;
  }
}
