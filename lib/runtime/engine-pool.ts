import type { Config } from "../config";
import type { ChildSource, EngineProcess, LoadProgress } from "../engine";
import { MemwellError, toMemwellError, type ErrorRecord } from "../errors";
import { readProcessMemory, type Ledger } from "../memory";
import {
  Residency,
  type Lease,
  type ResidencyChange,
  type ResidencyEvent,
  type ResidencySnapshot,
  type ResidentEffects,
} from "../residency";
import type { ModelDescription } from "./contract";
import type { Seat } from "./context-seats";
import type { DemoModels } from "./demo-models";
import { createMemoryBudget } from "./memory-budget";
import { EngineLife, type StepCause } from "./engine-life";
import type { FetchEvent } from "./fetch-events";
import type { LoadedProcess } from "./memory-report";
import type { ModelFiles } from "./model-files";
import { ModelContexts } from "./model-contexts";
import { contextNameOf, idOfPath, type RegisteredModel } from "./model-registry";
import { OpenedModels } from "./opened-models";
import { RegisteredFiles } from "./registered-files";
import { isFaultOfModel } from "./stand-ins";

type LiveState = Pick<ModelDescription, "fileBytes" | "download" | "state" | "info" | "residentBytes" | "lastError">;
export interface LeaseOptions {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: LoadProgress) => void) | undefined;
  /** Names models by the paths of their bases. */
  onEvent?: ((event: ResidencyEvent) => void) | undefined;
  /** What is heard while the model's files are looked for and downloaded. */
  onFetch?: ((event: FetchEvent) => void) | undefined;
  /** Whose run the steps of a load are recorded as. */
  cause?: StepCause | undefined;
}

/** A ready engine, resident until `release` is called. */
export interface EngineLease {
  engine: EngineProcess;
  contextName: string;
  /** What was closed to make room for that context: another context of the same process. */
  replaced: string | null;
  /** The model is gone all the same: its process died, or everything was closed. */
  isLost: () => boolean;
  release: () => void;
}

/**
 * The engines of all registered models, one for each base file with one context for each adapter that is used on it, kept
 * within the memory budget by the scheduler of `lib/residency`.
 */
export class EnginePool {
  private readonly files: RegisteredFiles;
  private readonly opened: OpenedModels;
  /** By `partOf`. */
  private readonly failures = new Map<string, ErrorRecord>();
  /** What `onFault` was told last, by `partOf`. */
  private readonly told = new Map<string, string>();
  private readonly onFault: (model: string, error: MemwellError) => void;
  private readonly budget: ReturnType<typeof createMemoryBudget>;
  private readonly residency: Residency;
  private readonly contexts: ModelContexts;
  private readonly life: EngineLife;
  private isClosed = false;
  /** A list that may change, see `ModelRoster.all`. */
  private readonly registered: readonly RegisteredModel[];

  constructor(
    config: Config,
    parts: {
      source: ChildSource;
      registered: readonly RegisteredModel[];
      demoModels: DemoModels;
      modelFiles: ModelFiles;
      /** Told of each repository of the Hub that a model is loaded from. */
      onUse: (repo: string) => void;
      /** Told what becomes of each model; its key is the path of its base. */
      onChange?: ((change: ResidencyChange) => void) | undefined;
      /** Told what is wrong with a model, once for as long as that lasts; its message may name files of this machine. */
      onFault?: ((model: string, error: MemwellError) => void) | undefined;
      ledger: Ledger;
    },
  ) {
    const { source, registered, demoModels, modelFiles, ledger } = parts;
    this.registered = registered;
    this.onFault = parts.onFault ?? (() => {});
    const pidsOfModels = (): number[] => this.processes().map(({ pid }) => pid);
    this.budget = createMemoryBudget(config, {
      models: pidsOfModels,
      others: () => [process.pid, ...(source.sparePid === null ? [] : [source.sparePid])],
    });
    this.files = new RegisteredFiles(config, registered, modelFiles, demoModels, () => this.roomBytes());
    this.opened = new OpenedModels(config, source, this.files, parts.onUse);
    this.life = new EngineLife({ opened: this.opened, contexts: () => this.contexts, registered, ledger });
    this.contexts = new ModelContexts({
      opened: this.opened,
      files: this.files,
      ledger,
      hasRoomFor: (bytes) => this.residency.hasRoomFor(bytes),
      changed: () => this.residency.reconsider(),
      subjectOf: (path) => this.life.subjectOf(path),
    });
    this.residency = new Residency({
      effects: this.effects(),
      budget: this.budget,
      idleUnloadMs: config.idleUnloadMs,
      isOpen: ({ type }) => type !== "quantized_kv" || config.kvType === "F16",
      nameOf: (path) => idOfPath(path, null, registered),
      onChange: parts.onChange,
    });
  }

  /** @throws MemwellError what is wrong with the model's file, its start or its size, `queue_full`, `aborted`. */
  async lease(model: RegisteredModel, options: LeaseOptions): Promise<EngineLease> {
    let lease: Lease | null = null;
    // Whose fault it is if that fails: everybody's on this base, or this domain's.
    let part = model.path;
    const endCause = this.life.causedBy(model.path, options.cause);
    try {
      // Before the queue: who waits for a download holds up nobody.
      const fetching = { signal: options.signal, onEvent: options.onFetch };
      await this.opened.ensureFiles(model.path, fetching);
      part = partOf(model);
      const context = await this.files.contextOf(model, fetching);
      part = model.path;
      const onEvent = (event: ResidencyEvent): void => {
        options.onEvent?.(event);
        if (event.type === "loading") options.onProgress?.(event.progress);
      };
      lease = await this.residency.acquire(model.path, { signal: options.signal, onEvent });
      this.failures.delete(model.path);
      const { engine } = await this.opened.open(model.path);
      this.told.delete(model.path);
      part = partOf(model);
      const waitingFor = { reason: "busy" as const, models: [model.path] };
      const seat = await this.contexts.take(model.path, context, {
        signal: options.signal,
        onProgress: (progress) => onEvent({ type: "loading", progress }),
        onWait: (position) => onEvent({ type: "queued", position, waitingFor, estimateMs: null }),
      });
      this.failures.delete(part);
      this.told.delete(part);
      return leaseOf(model, lease, seat, engine);
    } catch (thrown) {
      lease?.release();
      const error = this.explain(toMemwellError(thrown));
      this.remember(part, error);
      throw namedAfter(model.id, error);
    } finally {
      endCause();
    }
  }

  /**
   * Why a model of the Hub could not be had, where its files still are not here; they are then fetched without anybody waiting
   * for them. Null: it may be leased.
   */
  async stillMissing(model: RegisteredModel): Promise<MemwellError | null> {
    const part = this.failures.has(partOf(model)) ? partOf(model) : model.path;
    const failure = this.failures.get(part);
    if (failure === undefined || this.resident().includes(model.path) || (await this.files.areHere(model))) return null;
    void this.fetchAgain(model);
    return MemwellError.fromRecord(failure);
  }

  private async fetchAgain(model: RegisteredModel): Promise<void> {
    let part = model.path;
    try {
      await this.opened.ensureFiles(model.path, {});
      part = partOf(model);
      await this.files.contextOf(model);
      for (const mended of [model.path, part]) this.failures.delete(mended);
    } catch (thrown) {
      this.remember(part, toMemwellError(thrown));
    }
  }

  /** Makes or downloads the files of every model, one after the other. What fails shows in the model's description. */
  async prepare(): Promise<void> {
    for (const base of new Set(this.registered.map(({ path }) => path))) {
      if (this.isClosed) return;
      await this.opened.ensureFiles(base, {}).catch((thrown: unknown) => this.remember(base, toMemwellError(thrown)));
    }
    for (const model of this.registered.filter(({ domain }) => domain !== undefined)) {
      if (this.isClosed) return;
      const remember = (thrown: unknown): void => this.remember(partOf(model), toMemwellError(thrown));
      await this.files.contextOf(model).catch(remember);
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

  /** What models may hold together now, in bytes. */
  roomBytes(): number {
    return this.budget.budgetBytes - this.budget.otherBytes();
  }

  /** What the process of this base holds, in bytes; null without one. */
  heldBytes(base: string): number | null {
    return this.opened.get(base)?.heldBytes ?? null;
  }

  /** Downloads what is missing of a base, for one caller who can end it; see `ModelFiles.fetch` */
  async fetch(base: string, options: Parameters<RegisteredFiles["fetch"]>[1]): Promise<void> {
    await this.files.fetch(base, options);
  }

  /** What counts against the budget now, in bytes. */
  held(): { usedBytes: number; budgetBytes: number } {
    const { usedBytes, budgetBytes } = this.residency.snapshot();
    return { usedBytes, budgetBytes };
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

  /** The processes there are now, each with the ids of the models it serves; domains go with theirs. */
  processes(): LoadedProcess[] {
    return this.opened.entries().flatMap(([path, { engine, footprintBytes: forecastBytes }]) => {
      const served = this.registered.filter((model) => model.path === path && model.domain === undefined);
      const ids = served.map(({ id }) => id);
      return engine.pid === null ? [] : [{ ids, pid: engine.pid, state: engine.state, forecastBytes }];
    });
  }

  /** The `path`s of the models that have a process now. */
  resident(): string[] {
    return this.opened.entries().flatMap(([path, { engine }]) => (engine.pid === null ? [] : [path]));
  }

  describe(model: RegisteredModel): LiveState {
    const engine = this.opened.get(model.path)?.engine;
    const pid = engine?.pid ?? null;
    return {
      fileBytes: this.files.bytesOf(model.path),
      download: this.files.progress(model),
      state: engine?.state ?? "stopped",
      info: engine?.info ?? null,
      residentBytes: pid === null ? null : (readProcessMemory(pid)?.rss ?? null),
      lastError: this.failures.get(partOf(model)) ?? this.failures.get(model.path) ?? null,
    };
  }

  /** What the scheduler asks of the world; its keys are the paths of base models. */
  private effects(): ResidentEffects {
    return {
      // Adapters of domains count from the start: once read they stay, and a context takes another's place one day.
      footprint: async (path) => (await this.opened.open(path)).footprintBytes + this.contexts.unreadAdapterBytes(path),
      start: (path, options) => this.life.start(path, options),
      stop: (path) => this.life.stop(path),
      measured: (path) => {
        const held = this.opened.get(path)?.heldBytes ?? null;
        return held === null ? null : held + this.contexts.unreadAdapterBytes(path);
      },
      contexts: (path) => this.contexts.use(path),
      shrink: (path) => this.contexts.shrink(path),
      onUnexpectedExit: (listener) =>
        this.opened.onUnexpectedExit((path, error) => {
          this.contexts.end(path);
          listener(path, error);
        }),
    };
  }

  private remember(part: string, error: MemwellError): void {
    if (!isFaultOfModel(error)) return;
    const model = this.registered.find((found) => partOf(found) === part)?.id ?? idOfPath(part, null, this.registered);
    this.failures.set(part, namedAfter(model, error).toRecord());
    if (this.told.get(part) !== error.message) this.onFault(model, error);
    this.told.set(part, error.message);
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

/** With the id of the model that it is about: who may not be told the path of its file is told that. */
function namedAfter(model: string, error: MemwellError): MemwellError {
  if (!("path" in error.fields || "cache_dir" in error.fields) || "model" in error.fields) return error;
  return new MemwellError(error.code, error.message, { ...error.fields, model }, { cause: error.cause });
}

function leaseOf(model: RegisteredModel, lease: Lease, seat: Seat, engine: EngineProcess): EngineLease {
  return {
    engine,
    contextName: contextNameOf(model),
    replaced: seat.replaced,
    isLost: () => lease.lost,
    release: () => {
      seat.release();
      lease.release();
    },
  };
}

/** What a failure is remembered by: the base's, or a domain's own. */
function partOf({ path, domain }: RegisteredModel): string {
  return domain === undefined ? path : `${path}#${domain}`;
}
