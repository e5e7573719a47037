import { statSync } from "node:fs";
import type { Config } from "../config";
import { EngineProcess, type ChildSource, type ContextSettings, type EngineInfo, type LoadProgress } from "../engine";
import { toMemwellError, type ErrorRecord } from "../errors";
import { checkModelFile } from "../gguf";
import { readCpuLimit, readProcessMemory } from "../memory";
import type { ModelDescription } from "./contract";
import type { DemoModels } from "./demo-models";
import { chooseLoadSettings } from "./load-settings";
import type { RegisteredModel } from "./model-registry";

/** Node runs a longer timer at once; an idle time beyond 24 days is as good as none. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

type LiveState = Pick<ModelDescription, "fileBytes" | "state" | "info" | "residentBytes" | "lastError">;

/** One base model's process, from the first request on, and how many requests hold it. */
export class EngineHandle {
  private holders = 0;
  private idleTimer: NodeJS.Timeout | undefined;
  lastError: ErrorRecord | null = null;

  constructor(
    readonly engine: EngineProcess,
    private readonly idleUnloadMs: number,
  ) {}

  async ensureReady(
    options: { signal?: AbortSignal; onProgress?: (progress: LoadProgress) => void } = {},
  ): Promise<EngineInfo> {
    try {
      const info = await this.engine.ensureReady(options);
      this.lastError = null;
      return info;
    } catch (thrown) {
      const error = toMemwellError(thrown);
      // What the caller or the owner ended on purpose says nothing about the model.
      if (!["aborted", "engine_stopped", "engine_closed"].includes(error.code)) this.lastError = error.toRecord();
      throw error;
    }
  }

  /** Keeps the idle timer away until the returned function is called. */
  hold(): () => void {
    this.holders++;
    clearTimeout(this.idleTimer);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.holders--;
      if (this.holders === 0) this.startIdleTimer();
    };
  }

  async close(): Promise<void> {
    clearTimeout(this.idleTimer);
    await this.engine.close();
  }

  private startIdleTimer(): void {
    clearTimeout(this.idleTimer);
    if (this.idleUnloadMs > LONGEST_TIMER_MS) return;
    this.idleTimer = setTimeout(() => {
      if (this.holders === 0) void this.engine.stop();
    }, this.idleUnloadMs);
    this.idleTimer.unref();
  }
}

/** A ready engine that is not unloaded for idleness until `release` is called. */
export interface EngineLease {
  engine: EngineProcess;
  contextName: string;
  release: () => void;
}

/** The engines of all registered models: one for each base file, with one context for each adapter used on it. */
export class EnginePool {
  private readonly handles = new Map<string, Promise<EngineHandle>>();
  private readonly live = new Map<string, EngineHandle>();
  /** Why a model could not even be set up: its file is missing or broken. */
  private readonly failures = new Map<string, ErrorRecord>();

  constructor(
    private readonly config: Config,
    private readonly source: ChildSource,
    private readonly registered: RegisteredModel[],
    private readonly demoModels: DemoModels,
  ) {}

  /** @throws MemwellError what is wrong with the model's file or its start. */
  async lease(
    model: RegisteredModel,
    options: { signal?: AbortSignal; onProgress?: (progress: LoadProgress) => void },
  ): Promise<EngineLease> {
    const handle = await this.handleOf(model);
    const release = handle.hold();
    try {
      await handle.ensureReady(options);
    } catch (thrown) {
      release();
      throw thrown;
    }
    return { engine: handle.engine, contextName: contextNameOf(model), release };
  }

  async stop(model: RegisteredModel): Promise<void> {
    await this.live.get(model.path)?.engine.stop();
  }

  async close(): Promise<void> {
    const handles = await Promise.allSettled(this.handles.values());
    const opened = handles.filter((result) => result.status === "fulfilled").map((result) => result.value);
    await Promise.all(opened.map((handle) => handle.close()));
  }

  /** The processes there are now, each with the ids of the models it serves. */
  processes(): { ids: string[]; pid: number; state: ModelDescription["state"] }[] {
    return [...this.live].flatMap(([path, { engine }]) => {
      const ids = this.registered.filter((model) => model.path === path).map((model) => model.id);
      return engine.pid === null ? [] : [{ ids, pid: engine.pid, state: engine.state }];
    });
  }

  describe(model: RegisteredModel): LiveState {
    const handle = this.live.get(model.path);
    const pid = handle?.engine.pid ?? null;
    return {
      fileBytes: fileBytes(model.path),
      state: handle?.engine.state ?? "stopped",
      info: handle?.engine.info ?? null,
      residentBytes: pid === null ? null : (readProcessMemory(pid)?.rss ?? null),
      lastError: handle?.lastError ?? this.failures.get(model.path) ?? null,
    };
  }

  private handleOf(model: RegisteredModel): Promise<EngineHandle> {
    const known = this.handles.get(model.path);
    if (known !== undefined) return known;
    const opening = this.open(model);
    this.handles.set(model.path, opening);
    // A file that was missing may be there at the next request.
    opening.catch(() => this.handles.delete(model.path));
    return opening;
  }

  private async open(model: RegisteredModel): Promise<EngineHandle> {
    try {
      if (model.source === "demo") await this.demoModels.ensure(model);
      const summary = await checkModelFile(model.path);
      const settings = chooseLoadSettings({
        config: this.config,
        modelPath: model.path,
        contexts: this.contextsOf(model.path),
        summary,
        cpu: readCpuLimit(),
      });
      const handle = new EngineHandle(new EngineProcess(settings, this.source), this.config.idleUnloadMs);
      this.live.set(model.path, handle);
      this.failures.delete(model.path);
      return handle;
    } catch (thrown) {
      const error = toMemwellError(thrown);
      this.failures.set(model.path, error.toRecord());
      throw error;
    }
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

function fileBytes(path: string): number | null {
  try {
    return statSync(path).size;
  } catch {
    return null;
  }
}
