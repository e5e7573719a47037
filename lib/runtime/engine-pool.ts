import type { Config } from "../config";
import type { ChildSource, EngineProcess, LoadProgress, ParkResult } from "../engine";
import { MemwellError, toMemwellError, type ErrorRecord } from "../errors";
import { readProcessMemory, type Ledger, type StepSubject } from "../memory";
import { Residency, type Lease, type ResidencyEvent, type ResidencySnapshot, type ResidentEffects } from "../residency";
import type { ModelDescription } from "./contract";
import type { DemoModels } from "./demo-models";
import { createMemoryBudget } from "./memory-budget";
import type { FetchEvent } from "./fetch-events";
import type { ModelFiles } from "./model-files";
import { contextNameOf, idOfPath, type RegisteredModel } from "./model-registry";
import type { OpenedModel } from "./opened-model";
import { OpenedModels } from "./opened-models";
import { RegisteredFiles } from "./registered-files";
import { StartSteps } from "./start-steps";

type LiveState = Pick<ModelDescription, "fileBytes" | "download" | "state" | "info" | "residentBytes" | "lastError">;
export interface LeaseOptions {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: LoadProgress) => void) | undefined;
  /** Names models by the paths of their bases. */
  onEvent?: ((event: ResidencyEvent) => void) | undefined;
  /** What is heard while the model's files are looked for and downloaded. */
  onFetch?: ((event: FetchEvent) => void) | undefined;
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
  private readonly files: RegisteredFiles;
  private readonly opened: OpenedModels;
  private readonly failures = new Map<string, ErrorRecord>();
  /** The first run that waits for a load of the model at this path. */
  private readonly causes = new Map<string, LeaseOptions["cause"]>();
  private readonly budget: ReturnType<typeof createMemoryBudget>;
  private readonly residency: Residency;
  private isClosed = false;
  private readonly registered: RegisteredModel[];
  private readonly ledger: Ledger;

  constructor(
    config: Config,
    parts: {
      source: ChildSource;
      registered: RegisteredModel[];
      demoModels: DemoModels;
      modelFiles: ModelFiles;
      /** Told of each repository of the Hub that a model is loaded from. */
      onUse: (repo: string) => void;
      ledger: Ledger;
    },
  ) {
    const { source, registered, demoModels, modelFiles, ledger } = parts;
    this.registered = registered;
    this.ledger = ledger;
    const pidsOfModels = (): number[] => this.processes().map(({ pid }) => pid);
    this.budget = createMemoryBudget(config, {
      models: pidsOfModels,
      others: () => [process.pid, ...(source.sparePid === null ? [] : [source.sparePid])],
    });
    const roomBytes = (): number => this.budget.budgetBytes - this.budget.otherBytes();
    this.files = new RegisteredFiles(config, registered, modelFiles, demoModels, roomBytes);
    this.opened = new OpenedModels(config, source, this.files, parts.onUse);
    this.residency = new Residency({
      effects: this.effects(),
      budget: this.budget,
      idleUnloadMs: config.idleUnloadMs,
      isOpen: ({ type }) => type !== "quantized_kv" || config.kvType === "F16",
      nameOf: (path) => idOfPath(path, null, registered),
    });
  }

  /** @throws MemwellError what is wrong with the model's file, its start or its size, `queue_full`, `aborted`. */
  async lease(model: RegisteredModel, options: LeaseOptions): Promise<EngineLease> {
    let lease: Lease | null = null;
    if (options.cause !== undefined && !this.causes.has(model.path)) this.causes.set(model.path, options.cause);
    try {
      // Before the queue: who waits for a download holds up nobody.
      await this.opened.ensureFiles(model.path, { signal: options.signal, onEvent: options.onFetch });
      lease = await this.residency.acquire(model.path, {
        signal: options.signal,
        onEvent: (event) => {
          options.onEvent?.(event);
          if (event.type === "loading") options.onProgress?.(event.progress);
        },
      });
      this.failures.delete(model.path);
      return this.leaseOf(model, lease, (await this.opened.open(model.path)).engine);
    } catch (thrown) {
      lease?.release();
      const error = this.explain(toMemwellError(thrown));
      this.remember(model.path, error);
      throw error;
    } finally {
      if (this.causes.get(model.path) === options.cause) this.causes.delete(model.path);
    }
  }

  private leaseOf(model: RegisteredModel, lease: Lease, engine: EngineProcess): EngineLease {
    return {
      engine,
      contextName: contextNameOf(model),
      isLost: () => lease.lost,
      release: () => lease.release(),
    };
  }

  /** Makes or downloads the files of every model, one after the other. What fails shows in the model's description. */
  async prepare(): Promise<void> {
    for (const base of new Set(this.registered.map(({ path }) => path))) {
      if (this.isClosed) return;
      await this.opened.ensureFiles(base, {}).catch((thrown: unknown) => this.remember(base, toMemwellError(thrown)));
    }
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
    this.isClosed = true;
    // First the orderly way, which keeps what the models know; then nothing starts any more.
    await this.residency.close();
    await this.opened.close();
  }

  /** The processes there are now, each with the ids of the models it serves. */
  processes(): { ids: string[]; pid: number; state: ModelDescription["state"] }[] {
    return this.opened.entries().flatMap(([path, { engine }]) => {
      const ids = this.registered.filter((model) => model.path === path).map((model) => model.id);
      return engine.pid === null ? [] : [{ ids, pid: engine.pid, state: engine.state }];
    });
  }

  describe(model: RegisteredModel): LiveState {
    const engine = this.opened.get(model.path)?.engine;
    const pid = engine?.pid ?? null;
    return {
      fileBytes: this.files.bytesOf(model.path),
      download: this.files.progress(model.path),
      state: engine?.state ?? "stopped",
      info: engine?.info ?? null,
      residentBytes: pid === null ? null : (readProcessMemory(pid)?.rss ?? null),
      lastError: this.failures.get(model.path) ?? null,
    };
  }

  /** What the scheduler asks of the world; its keys are the paths of base models. */
  private effects(): ResidentEffects {
    return {
      footprint: async (path) => (await this.opened.open(path)).footprintBytes,
      start: (path, options) => this.start(path, options),
      stop: (path) => this.stop(path),
      measured: (path) => this.opened.get(path)?.peakBytes ?? null,
      onUnexpectedExit: (listener) => this.opened.onUnexpectedExit(listener),
    };
  }

  private async start(path: string, { signal, onProgress }: Parameters<ResidentEffects["start"]>[1]): Promise<void> {
    const { engine, footprintBytes } = await this.opened.open(path);
    await this.opened.hold(path);
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
      if (engine.pid === null) this.opened.letGo(path);
      throw thrown;
    }
  }

  /** Keeps what the process knows, then ends it: what its sequences hold, and what it took. */
  private async stop(path: string): Promise<void> {
    const opened = this.opened.get(path);
    if (opened === undefined) return;
    try {
      await this.stopOpened(path, opened);
    } finally {
      if (opened.engine.pid === null) this.opened.letGo(path);
    }
  }

  private async stopOpened(path: string, opened: OpenedModel): Promise<void> {
    const { engine, footprintBytes } = opened;
    if (engine.pid === null) return engine.stop();
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

  private remember(base: string, error: MemwellError): void {
    if (!NO_FAULT_OF_THE_MODEL.has(error.code)) this.failures.set(base, error.toRecord());
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
}
