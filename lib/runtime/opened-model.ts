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
import { readModel } from "../gguf";
import { readProcessMemory } from "../memory";
import { fingerprintModelFile, footprintKey, type Footprint, type MeasurementStore } from "../residency";
import { forecastModel } from "./model-forecast";

/** An engine with the settings it is loaded with, and what that takes. */
export class OpenedModel {
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
    onUnexpectedExit: () => void;
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

  /** The most its process has held, in bytes; null without one. */
  get peakBytes(): number | null {
    const { pid } = this.engine;
    return pid === null ? null : (readProcessMemory(pid)?.peak ?? null);
  }

  /**
   * Remembers what the process held at most; call before it ends. A process that has not filled a batch yet has not touched
   * all of its buffers: what it held says nothing unless it was more than the forecast.
   */
  async rememberPeak(): Promise<void> {
    const { measured, peakBytes } = this;
    if (!this.peakSaysMuch || peakBytes === null) return;
    const wasFull = this.engine.largestPrefill >= this.settings.batchSize;
    if (wasFull || peakBytes > this.footprintBytes) await measured.store.record(measured.key, peakBytes);
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
