import { statSync } from "node:fs";
import type { Config } from "../config";
import {
  defaultTimeouts,
  EngineProcess,
  type ChildSource,
  type ContextSettings,
  type LoadProgress,
  type LoadSettings,
} from "../engine";
import { MemwellError, toMemwellError, type ErrorRecord } from "../errors";
import { checkModelFile, readGgufHeader } from "../gguf";
import { readCpuLimit, readProcessMemory } from "../memory";
import { forecastFootprint, Residency, type Lease, type ResidentEffects } from "../residency";
import type { ModelDescription } from "./contract";
import type { DemoModels } from "./demo-models";
import { chooseLoadSettings } from "./load-settings";
import { createMemoryBudget } from "./memory-budget";
import type { RegisteredModel } from "./model-registry";

type LiveState = Pick<ModelDescription, "fileBytes" | "state" | "info" | "residentBytes" | "lastError">;
type LoadOptions = { signal?: AbortSignal | undefined; onProgress?: ((progress: LoadProgress) => void) | undefined };

/** What the owner or a caller ended on purpose says nothing about the model. */
const NO_FAULT_OF_THE_MODEL = new Set(["aborted", "engine_stopped", "engine_closed", "queue_full"]);

/** An engine with the settings it is loaded with and what that is forecast to take. In bytes. */
interface OpenedModel {
  engine: EngineProcess;
  footprintBytes: number;
}

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
  private readonly exitListeners = new Set<(key: string) => void>();
  private readonly budget: ReturnType<typeof createMemoryBudget>;
  private readonly residency: Residency;

  constructor(
    private readonly config: Config,
    private readonly source: ChildSource,
    private readonly registered: RegisteredModel[],
    private readonly demoModels: DemoModels,
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
    });
  }

  /** @throws MemwellError what is wrong with the model's file, its start or its size, `queue_full`, `aborted`. */
  async lease(model: RegisteredModel, options: LoadOptions): Promise<EngineLease> {
    let lease: Lease;
    try {
      lease = await this.residency.acquire(model.path, {
        signal: options.signal,
        onEvent: (event) => {
          if (event.type === "loading") options.onProgress?.(event.progress);
        },
      });
      this.failures.delete(model.path);
    } catch (thrown) {
      const error = this.explain(toMemwellError(thrown));
      if (!NO_FAULT_OF_THE_MODEL.has(error.code)) this.failures.set(model.path, error.toRecord());
      throw error;
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

  async close(): Promise<void> {
    await Promise.all([...this.opened.values()].map(({ engine }) => engine.close()));
    await this.residency.close();
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
      start: async (path, options) => void (await (await this.open(path)).engine.ensureReady(options)),
      stop: async (path) => this.opened.get(path)?.engine.stop(),
      measured: (path) => {
        const pid = this.opened.get(path)?.engine.pid ?? null;
        return pid === null ? null : (readProcessMemory(pid)?.peak ?? null);
      },
      onUnexpectedExit: (listener) => {
        this.exitListeners.add(listener);
        return () => this.exitListeners.delete(listener);
      },
    };
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
    const summary = await checkModelFile(path);
    const settings = chooseLoadSettings({
      config: this.config,
      modelPath: path,
      contexts: this.contextsOf(path),
      summary,
      cpu: readCpuLimit(),
    });
    const { metadata, tensors } = await readGgufHeader(path);
    const footprint = forecastFootprint({ summary, settings, adapters: adaptersOf(settings), metadata, tensors });
    const engine = new EngineProcess(settings, this.source, defaultTimeouts, () => {
      for (const listener of this.exitListeners) listener(path);
    });
    const opened = { engine, footprintBytes: footprint.total };
    this.opened.set(path, opened);
    return opened;
  }

  private contextsOf(path: string): ContextSettings[] {
    return this.registered
      .filter((model) => model.path === path)
      .map((model) => ({
        name: contextNameOf(model),
        adapter: model.adapterPath === null ? null : { path: model.adapterPath, scale: 1 },
      }));
  }
}

function contextNameOf(model: RegisteredModel): string {
  return model.adapterPath ?? "base";
}

function adaptersOf(settings: LoadSettings): { fileBytes: number }[] {
  const paths = new Set(settings.contexts.flatMap(({ adapter }) => (adapter === null ? [] : [adapter.path])));
  return [...paths].map((path) => ({ fileBytes: fileBytes(path) ?? 0 }));
}

function fileBytes(path: string): number | null {
  try {
    return statSync(path).size;
  } catch {
    return null;
  }
}
