import type { Config } from "../config";
import type { ChildSource, EngineProcess, LoadProgress, ParkResult } from "../engine";
import { MemwellError, toMemwellError, type ErrorRecord } from "../errors";
import { readProcessMemory, type Ledger, type StepSubject } from "../memory";
import {
  MeasurementStore,
  Residency,
  type Lease,
  type ResidencyEvent,
  type ResidencySnapshot,
  type ResidentEffects,
} from "../residency";
import type { ModelDescription } from "./contract";
import type { DemoModels } from "./demo-models";
import { createMemoryBudget } from "./memory-budget";
import { contextNameOf, contextsAt, idOfPath, type RegisteredModel } from "./model-registry";
import { fileBytes, OpenedModel } from "./opened-model";
import { StartSteps } from "./start-steps";

type LiveState = Pick<ModelDescription, "fileBytes" | "state" | "info" | "residentBytes" | "lastError">;
interface LoadOptions {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: LoadProgress) => void) | undefined;
  /** Names models by the paths of their bases. */
  onEvent?: ((event: ResidencyEvent) => void) | undefined;
  /** Whose run the steps of a load are recorded as. */
  cause?: { run: string; turn?: number | undefined } | undefined;
}

/** Time for a process to write its sequences to disk, the last of them begun half-way; the server has eight seconds to close. */
const PARK_WITHIN_MS = 4_000;

/** What the owner or a caller ended on purpose says nothing about the model. */
const NO_FAULT_OF_THE_MODEL = new Set(["aborted", "engine_stopped", "engine_closed", "queue_full"]);

/** A ready engine, resident until `release` is called. */
export interface EngineLease {
  engine: EngineProcess;
  contextName: string;
  /** The model is gone all the same: its process died, or everything was closed. */
  isLost: () => boolean;
  release: () => void;
}

/**
 * The engines of all registered models, one for each base file with one context for each adapter used on it, kept within
 * the memory budget by the scheduler of `lib/residency`.
 */
export class EnginePool {
  private readonly opening = new Map<string, Promise<OpenedModel>>();
  private readonly opened = new Map<string, OpenedModel>();
  private readonly failures = new Map<string, ErrorRecord>();
  /** The first run that waits for a load of the model at this path. */
  private readonly causes = new Map<string, LoadOptions["cause"]>();
  private measurements: Promise<MeasurementStore> | null = null;
  private readonly exitListeners = new Set<(key: string) => void>();
  private readonly budget: ReturnType<typeof createMemoryBudget>;
  private readonly residency: Residency;

  constructor(
    private readonly config: Config,
    private readonly source: ChildSource,
    private readonly registered: RegisteredModel[],
    private readonly demoModels: DemoModels,
    private readonly ledger: Ledger,
  ) {
    const pidsOfModels = (): number[] => this.processes().map(({ pid }) => pid);
    this.budget = createMemoryBudget(config, {
      models: pidsOfModels,
      others: () => [process.pid, ...(source.sparePid === null ? [] : [source.sparePid])],
    });
    this.residency = new Residency({
      effects: this.effects(),
      budget: this.budget,
      idleUnloadMs: config.idleUnloadMs,
      isOpen: ({ type }) => type !== "quantized_kv" || config.kvType === "F16",
      nameOf: (path) => idOfPath(path, null, registered),
    });
  }

  /** @throws MemwellError what is wrong with the model's file, its start or its size, `queue_full`, `aborted`. */
  async lease(model: RegisteredModel, options: LoadOptions): Promise<EngineLease> {
    let lease: Lease;
    if (options.cause !== undefined && !this.causes.has(model.path)) this.causes.set(model.path, options.cause);
    try {
      lease = await this.residency.acquire(model.path, {
        signal: options.signal,
        onEvent: (event) => {
          options.onEvent?.(event);
          if (event.type === "loading") options.onProgress?.(event.progress);
        },
      });
      this.failures.delete(model.path);
    } catch (thrown) {
      const error = this.explain(toMemwellError(thrown));
      if (!NO_FAULT_OF_THE_MODEL.has(error.code)) this.failures.set(model.path, error.toRecord());
      throw error;
    } finally {
      if (this.causes.get(model.path) === options.cause) this.causes.delete(model.path);
    }
    const { engine } = await this.open(model.path);
    return {
      engine,
      contextName: contextNameOf(model),
      isLost: () => lease.lost,
      release: () => lease.release(),
    };
  }

  /** Resolves when the model's process is gone; answers under way are finished first. */
  async unload(model: RegisteredModel): Promise<void> {
    await this.residency.unload(model.path);
  }

  /** Keeps the model's process resident once it is loaded, and with it everyone's who shares it. */
  pin(model: RegisteredModel): void {
    this.residency.pin(model.path);
  }

  unpin(model: RegisteredModel): void {
    this.residency.unpin(model.path);
  }

  isPinned(model: RegisteredModel): boolean {
    return this.residency.isPinned(model.path);
  }

  /** Who waits, in order; models are named by the paths of their bases. */
  queue(): ResidencySnapshot["queue"] {
    return this.residency.waiting();
  }

  async close(): Promise<void> {
    // First the orderly way, which keeps what the models know; then nothing starts any more.
    await this.residency.close();
    await Promise.all([...this.opened.values()].map(({ engine }) => engine.close()));
  }

  /** The processes there are now, each with the ids of the models it serves. */
  processes(): { ids: string[]; pid: number; state: ModelDescription["state"] }[] {
    return [...this.opened].flatMap(([path, { engine }]) => {
      const ids = this.registered.filter((model) => model.path === path).map((model) => model.id);
      return engine.pid === null ? [] : [{ ids, pid: engine.pid, state: engine.state }];
    });
  }

  describe(model: RegisteredModel): LiveState {
    const engine = this.opened.get(model.path)?.engine;
    const pid = engine?.pid ?? null;
    return {
      fileBytes: fileBytes(model.path),
      state: engine?.state ?? "stopped",
      info: engine?.info ?? null,
      residentBytes: pid === null ? null : (readProcessMemory(pid)?.rss ?? null),
      lastError: this.failures.get(model.path) ?? null,
    };
  }

  /** What the scheduler asks of the world; its keys are the paths of base models. */
  private effects(): ResidentEffects {
    return {
      footprint: async (path) => (await this.open(path)).footprintBytes,
      start: (path, options) => this.start(path, options),
      stop: (path) => this.stop(path),
      measured: (path) => this.opened.get(path)?.peakBytes ?? null,
      onUnexpectedExit: (listener) => {
        this.exitListeners.add(listener);
        return () => this.exitListeners.delete(listener);
      },
    };
  }

  private async start(path: string, { signal, onProgress }: Parameters<ResidentEffects["start"]>[1]): Promise<void> {
    const { engine, footprintBytes } = await this.open(path);
    const steps = new StartSteps(this.ledger, this.subjectOf(path, footprintBytes), () => engine.pid);
    try {
      await engine.ensureReady({
        signal,
        onProgress: (progress) => {
          steps.see(progress);
          onProgress(progress);
        },
      });
      steps.end();
    } catch (thrown) {
      steps.end(signal.aborted ? "aborted" : "failed");
      throw thrown;
    }
  }

  /** Keeps what the process knows, then ends it: what its sequences hold, and what it took. */
  private async stop(path: string): Promise<void> {
    const opened = this.opened.get(path);
    if (opened === undefined || opened.engine.pid === null) return opened?.engine.stop();
    const { engine, footprintBytes } = opened;
    const subject = { ...this.subjectOf(path, footprintBytes), pid: engine.pid };
    if (engine.state === "ready") {
      const saving = (): Promise<ParkResult> =>
        engine.park(PARK_WITHIN_MS / 2, { signal: AbortSignal.timeout(PARK_WITHIN_MS) });
      // A process that cannot save is ended all the same; the prompts are then evaluated again.
      const parked = await this.ledger.during("save", subject, saving, ({ tokens }) => tokens).catch(() => null);
      if (parked !== null && parked.threads !== null) await opened.rememberThreads(parked.threads);
    }
    await opened.rememberPeak();
    await this.ledger.during("unload", subject, () => engine.stop());
  }

  private subjectOf(path: string, forecastBytes: number): StepSubject {
    return { ...this.causes.get(path), model: idOfPath(path, null, this.registered), forecastBytes };
  }

  /** Who set the limit himself can also raise it. */
  private explain(error: MemwellError): MemwellError {
    const [limit, next] = this.budget.limit.candidates;
    if (error.code !== "memory_exceeded" || limit?.bound !== "user") return error;
    const room = next === undefined ? "" : ` (up to ${next.bytes} bytes here)`;
    return new MemwellError(
      error.code,
      `${error.message} The limit is your own: MEMWELL_MEMORY_BUDGET can be raised${room}.`,
      error.fields,
    );
  }

  private open(path: string): Promise<OpenedModel> {
    const known = this.opening.get(path);
    if (known !== undefined) return known;
    const opening = this.openNow(path);
    this.opening.set(path, opening);
    // A file that was missing may be there at the next request.
    opening.catch(() => this.opening.delete(path));
    return opening;
  }

  private async openNow(path: string): Promise<OpenedModel> {
    if (this.registered.some((model) => model.path === path && model.source === "demo"))
      await this.demoModels.ensure(path);
    this.measurements ??= MeasurementStore.open(this.config.dataDir);
    const opened = await OpenedModel.open({
      config: this.config,
      path,
      contexts: contextsAt(path, this.registered),
      source: this.source,
      measurements: await this.measurements,
      onUnexpectedExit: () => {
        for (const listener of this.exitListeners) listener(path);
      },
    });
    this.opened.set(path, opened);
    return opened;
  }
}
