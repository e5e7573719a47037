import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Config } from "../config";
import { ChildSource, defaultTimeouts, type GenerateEvent, type GenerateRequest, type LoadProgress } from "../engine";
import { MemwellError, toMemwellError } from "../errors";
import type { ModelDescription, Readiness, Runtime } from "./contract";
import { DemoModels } from "./demo-models";
import { EnginePool, type EngineLease } from "./engine-pool";
import { reportMemory, type MemoryReport } from "./memory-report";
import { AGENT_MODEL_ID, registerModels, type RegisteredModel } from "./model-registry";

export interface RuntimeOptions {
  /** The built engine child; `dist/engine-child.js` of the working folder when absent. */
  childScript?: string;
  /** Keep one process warm for the next load. Costs its memory (about 100 MB) and saves about a second. */
  keepSpare?: boolean;
  /** Make the demo models ahead of time, so that the first question does not wait for them. */
  prepareDemoModels?: boolean;
}

/** @throws MemwellError when the settings name what cannot be had, or the engine was not built. */
export function createRuntime(config: Config, options: RuntimeOptions = {}): Promise<Runtime> {
  // A rejection rather than a throw, so that callers have one way to fail.
  return Promise.resolve().then(() => new MemwellRuntime(config, options));
}

class MemwellRuntime implements Runtime {
  private readonly registered: RegisteredModel[];
  private readonly demoModels: DemoModels;
  private readonly source: ChildSource;
  private readonly pool: EnginePool;
  private closed: Promise<void> | null = null;

  constructor(
    readonly config: Config,
    options: RuntimeOptions,
  ) {
    this.registered = registerModels(config);
    this.demoModels = new DemoModels(config.dataDir);
    this.source = new ChildSource(
      {
        file: process.execPath,
        args: ["--max-semi-space-size=1", childScript(options)],
        env: childEnvironment(),
      },
      { keepSpare: options.keepSpare ?? true, graceMs: defaultTimeouts.graceMs },
    );
    this.pool = new EnginePool(config, this.source, this.registered, this.demoModels);
    this.source.replenish();
    if (options.prepareDemoModels) void this.demoModels.prepare(this.registered);
  }

  models(): ModelDescription[] {
    return this.registered.map((model) => this.describe(model));
  }

  readiness(): Readiness {
    const models = this.models().map(({ id, state, lastError }) => ({ id, state, error: lastError }));
    return { ready: this.closed === null && models.every((model) => model.error === null), models };
  }

  memory(): Promise<MemoryReport> {
    return reportMemory({
      config: this.config,
      sparePid: this.source.sparePid,
      processes: this.pool.processes(),
    });
  }

  async *generate(
    modelId: string,
    request: GenerateRequest,
    options: { signal?: AbortSignal } = {},
  ): AsyncGenerator<GenerateEvent, void, void> {
    for (let attempt = 1; ; attempt++) {
      let hasBegun = false;
      let wasReady = false;
      const events = this.attempt(modelId, request, { ...options, onReady: () => (wasReady = true) });
      for await (const event of events) {
        // A process can be dead for a moment before that is noticed. It said nothing yet, so asking again is safe.
        const wasDead = wasReady && !hasBegun && event.type === "failed" && event.error.code === "engine_crashed";
        if (wasDead && attempt === 1) break;
        hasBegun = true;
        yield event;
      }
      if (hasBegun) return;
    }
  }

  private async *attempt(
    modelId: string,
    request: GenerateRequest,
    options: { signal?: AbortSignal; onReady: () => void },
  ): AsyncGenerator<GenerateEvent, void, void> {
    let lease: EngineLease | null = null;
    try {
      lease = await this.lease(modelId, options);
      options.onReady();
      // Checked and used in one go: an engine would start a dead child again by itself, past the budget.
      if (lease.isLost())
        throw new MemwellError("engine_crashed", "The model's process ended. Ask again to load it anew.");
      for await (const event of lease.engine.generate({ ...request, context: lease.contextName }, options)) {
        // Before the last event: whoever reads it need not read on.
        if (event.type === "done" || event.type === "failed") lease.release();
        yield event;
      }
    } catch (thrown) {
      yield { type: "failed", error: toMemwellError(thrown).toRecord() };
    } finally {
      lease?.release();
    }
  }

  async load(
    modelId: string,
    options: { signal?: AbortSignal; onProgress?: (progress: LoadProgress) => void } = {},
  ): Promise<ModelDescription> {
    const { release } = await this.lease(modelId, options);
    release();
    return this.describe(this.find(modelId));
  }

  async unload(modelId: string): Promise<ModelDescription> {
    const model = this.find(modelId);
    await this.pool.unload(model);
    return this.describe(model);
  }

  close(): Promise<void> {
    this.closed ??= Promise.all([this.pool.close(), this.source.close()]).then(() => {});
    return this.closed;
  }

  private async lease(
    modelId: string,
    options: { signal?: AbortSignal; onProgress?: (progress: LoadProgress) => void },
  ): Promise<EngineLease> {
    if (this.closed !== null)
      throw new MemwellError("engine_closed", "Memwell is shutting down. Ask again once it has started anew.");
    return this.pool.lease(this.find(modelId), options);
  }

  private find(modelId: string): RegisteredModel {
    const found = this.registered.find((model) =>
      modelId === AGENT_MODEL_ID ? model.roles.includes("response") : model.id === modelId,
    );
    if (found !== undefined) return found;
    const known = [AGENT_MODEL_ID, ...this.registered.map((model) => model.id)];
    throw new MemwellError(
      "model_not_found",
      `There is no model "${modelId.slice(0, 200)}". Ask for one of: ${known.join(", ")}.`,
      {
        model: modelId.slice(0, 200),
        known,
      },
    );
  }

  private describe(model: RegisteredModel): ModelDescription {
    return { ...model, ...this.pool.describe(model) };
  }
}

function childScript(options: RuntimeOptions): string {
  const path = options.childScript ?? resolve(/* turbopackIgnore: true */ process.cwd(), "dist", "engine-child.js");
  if (!existsSync(path))
    throw new MemwellError(
      "engine_start_failed",
      `The engine is not built (${path} is missing). Run \`npm run build\`.`,
      { path },
    );
  return path;
}

/** What a child needs of the environment. It reads files it is told of and nothing else, so it gets no secrets. */
function childEnvironment(): NodeJS.ProcessEnv {
  const passed = ["PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES", "NODE_ENV"];
  const environment: Record<string, string | undefined> = {
    // glibc gives each thread its own arena, which keeps freed memory; two are enough for one busy thread and its helper.
    MALLOC_ARENA_MAX: "2",
    MEMWELL_CHILD_GPU: existsSync("/dev/nvidiactl") || process.platform === "darwin" ? "auto" : "off",
  };
  for (const name of passed) if (process.env[name] !== undefined) environment[name] = process.env[name];
  return environment as NodeJS.ProcessEnv;
}
