import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { libraryNamed, runTurn, type AgentEvent, type PromptLibrary, type TurnRequest } from "../agent";
import type { Config } from "../config";
import {
  ChildSource,
  defaultTimeouts,
  type EngineStep,
  type GenerateRequest,
  type LoadProgress,
  type Prompt,
} from "../engine";
import { MemwellError, toMemwellError } from "../errors";
import type { LedgerQuery, LedgerRecord } from "../memory";
import type { ResidencyEvent } from "../residency";
import type { ModelDescription, QueueReport, Readiness, RunEvent, Runtime, WaitEvent } from "./contract";
import { agentSlots } from "./agent-slots";
import { AgentTools } from "./agent-tools";
import { recordUse } from "./cache-uses";
import { RuntimeDatabase } from "./database";
import { DemoModels } from "./demo-models";
import { EnginePool, type EngineLease } from "./engine-pool";
import { GenerationSteps } from "./generation-steps";
import { makeRoom } from "./disk-budget";
import { HubCache } from "./hub-cache";
import { RuntimeLedger } from "./ledger";
import { reportMemory, type MemoryReport } from "./memory-report";
import { AGENT_MODEL_ID, idOfPath, registerModels, type RegisteredModel } from "./model-registry";
import { ModelFiles } from "./model-files";
import type { FetchEvent } from "./fetch-events";
import { isWait, LatestEvent, toWaitEvent } from "./wait-events";

export interface RuntimeOptions {
  /** The built engine child; `dist/engine-child.js` of the working folder when absent. */
  childScript?: string;
  /** The built thread that scans the cache; `dist/cache-worker.js` of the working folder when absent. */
  cacheWorker?: string;
  /** Keep one process warm for the next load. Costs its memory (about 100 MB) and saves about a second. */
  keepSpare?: boolean;
  /** Make or download the models' files ahead of time, so that the first question does not wait for them. */
  prepareModels?: boolean;
  /** Told one line for each step of a model: what it held before, at most, and after. */
  logLine?: (line: string) => void;
}

/** @throws MemwellError when the settings name what cannot be had, or the engine was not built. */
export function createRuntime(config: Config, options: RuntimeOptions = {}): Promise<Runtime> {
  // A rejection rather than a throw, so that callers have one way to fail.
  return Promise.resolve().then(() => new MemwellRuntime(config, options));
}

class MemwellRuntime implements Runtime {
  private readonly library: PromptLibrary;
  private readonly tools = new AgentTools();
  private readonly registered: RegisteredModel[];
  private readonly demoModels: DemoModels;
  private readonly source: ChildSource;
  readonly cache: HubCache;
  private readonly database: RuntimeDatabase;
  private readonly ledger: RuntimeLedger;
  private readonly modelFiles: ModelFiles;
  private readonly pool: EnginePool;
  private closed: Promise<void> | null = null;

  constructor(
    readonly config: Config,
    options: RuntimeOptions,
  ) {
    this.library = libraryNamed(config.agent);
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
    const warn = (warning: string): void => void process.stderr.write(`memwell: ${warning}\n`);
    this.database = new RuntimeDatabase(config.dataDir, warn);
    this.cache = new HubCache(config, this.database, cacheWorker(options));
    this.ledger = new RuntimeLedger({ database: this.database, warn, logLine: options.logLine });
    this.modelFiles = new ModelFiles(config, (bytes, repo, signal) =>
      makeRoom(config, this.database, { bytes, repo, signal }),
    );
    this.pool = new EnginePool(config, {
      source: this.source,
      registered: this.registered,
      demoModels: this.demoModels,
      modelFiles: this.modelFiles,
      onUse: (repo) => recordUse(this.database, repo),
      ledger: this.ledger.ledger,
    });
    this.source.replenish();
    if (options.prepareModels) void this.pool.prepare();
  }

  models(): ModelDescription[] {
    return this.registered.map((model) => this.describe(model));
  }

  readiness(): Readiness {
    const models = this.models().map(({ id, state, lastError }) => ({ id, state, error: lastError }));
    const isFetching = this.models().some(({ download }) => download !== null);
    const ready = this.closed === null && !isFetching && models.every((model) => model.error === null);
    return { ready, models };
  }

  memory(): Promise<MemoryReport> {
    return reportMemory({
      config: this.config,
      sparePid: this.source.sparePid,
      processes: this.pool.processes(),
      queue: this.queue(),
      ledger: this.ledger.ledger.counts,
    });
  }

  memoryLog(query: LedgerQuery): LedgerRecord[] {
    return this.ledger.read(query);
  }

  async *generate(
    modelId: string,
    request: GenerateRequest,
    options: { signal?: AbortSignal; run?: string; turn?: number } = {},
  ): AsyncGenerator<RunEvent, void, void> {
    const run = options.run ?? randomUUID();
    for (let attempt = 1; ; attempt++) {
      let hasBegun = false;
      let wasReady = false;
      const events = this.attempt(modelId, request, { ...options, run, onReady: () => (wasReady = true) });
      for await (const event of events) {
        // A process can be dead for a moment before that is noticed. It said nothing yet, so asking again is safe.
        const wasDead = wasReady && !hasBegun && event.type === "failed" && event.error.code === "engine_crashed";
        if (wasDead && attempt === 1) break;
        hasBegun ||= !isWait(event);
        yield event;
      }
      if (hasBegun) return;
    }
  }

  private async *attempt(
    modelId: string,
    request: GenerateRequest,
    options: { signal?: AbortSignal; run: string; turn?: number; onReady: () => void },
  ): AsyncGenerator<RunEvent, void, void> {
    let lease: EngineLease | null = null;
    let steps: GenerationSteps | null = null;
    try {
      lease = yield* this.waitForLease(modelId, options);
      options.onReady();
      // Checked and used in one go: an engine would start a dead child again by itself, past the budget.
      if (lease.isLost())
        throw new MemwellError("engine_crashed", "The model's process ended. Ask again to load it anew.");
      const { run, turn } = options;
      const subject = { run, turn, model: this.find(modelId).id, pid: lease.engine.pid };
      steps = new GenerationSteps(this.ledger.ledger, subject);
      const { engine, contextName: context } = lease;
      const onStep = (step: EngineStep): void => steps?.seeState(step);
      const prompt = withStaticMessages(request.prompt);
      for await (const event of engine.generate({ ...request, prompt, context }, { signal: options.signal, onStep })) {
        steps.see(event);
        // Before the last event: whoever reads it need not read on.
        if (event.type === "done" || event.type === "failed") lease.release();
        yield event;
      }
    } catch (thrown) {
      steps?.end("failed");
      yield { type: "failed", error: toMemwellError(thrown).toRecord() };
    } finally {
      steps?.end("aborted");
      lease?.release();
    }
  }

  /** Yields what is heard while it waits. Whoever stops reading leaves the queue. */
  private async *waitForLease(
    modelId: string,
    { signal, run, turn }: { signal?: AbortSignal; run: string; turn?: number },
  ): AsyncGenerator<WaitEvent, EngineLease, void> {
    const caller = new AbortController();
    const leave = (): void => caller.abort();
    if (signal?.aborted) leave();
    signal?.addEventListener("abort", leave, { once: true });
    const heard = new LatestEvent<WaitEvent>();
    const leasing = this.lease(modelId, {
      signal: caller.signal,
      cause: { run, turn },
      onEvent: (event) => heard.tell(toWaitEvent(event, this.find(modelId), this.registered)),
      onFetch: (progress) => heard.tell({ type: "fetching", progress }),
    });
    let isTaken = false;
    try {
      yield* heard.until(leasing);
      const lease = await leasing;
      isTaken = true;
      return lease;
    } finally {
      signal?.removeEventListener("abort", leave);
      leave();
      // The grant may have come just before its caller left.
      if (!isTaken)
        leasing.then(
          (lease) => lease.release(),
          () => {},
        );
    }
  }

  async *startTurn(
    request: TurnRequest,
    { signal = new AbortController().signal, run = randomUUID(), turn }: Parameters<Runtime["startTurn"]>[1] = {},
  ): AsyncGenerator<AgentEvent<WaitEvent>, void, void> {
    const acquireSlot = agentSlots(this.pool, this.registered, this.ledger.ledger, { run, turn });
    yield* runTurn({ library: this.library, tools: this.tools.registry, acquireSlot }, request, { signal });
  }

  async load(modelId: string, options: Parameters<Runtime["load"]>[1] = {}): Promise<ModelDescription> {
    const { release } = await this.lease(modelId, options);
    release();
    return this.describe(this.find(modelId));
  }

  async unload(modelId: string): Promise<ModelDescription> {
    const model = this.find(modelId);
    await this.pool.unload(model);
    return this.describe(model);
  }

  pin(modelId: string): ModelDescription {
    const model = this.find(modelId);
    this.pool.pin(model);
    return this.describe(model);
  }

  unpin(modelId: string): ModelDescription {
    const model = this.find(modelId);
    this.pool.unpin(model);
    return this.describe(model);
  }

  queue(): QueueReport {
    const { waiting, ...rest } = this.pool.queue();
    const named = waiting.map(({ key, waitedMs }) => ({ model: idOfPath(key, null, this.registered), waitedMs }));
    return { ...rest, waiting: named };
  }

  close(): Promise<void> {
    this.closed ??= this.closeAll();
    return this.closed;
  }

  private async closeAll(): Promise<void> {
    const { modelFiles, pool, source, cache, tools } = this;
    const ends = await Promise.allSettled([modelFiles, pool, source, cache, tools].map((part) => part.close()));
    // These last: they record how the models went.
    this.ledger.close();
    this.database.close();
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  }

  private async lease(
    modelId: string,
    options: {
      signal?: AbortSignal;
      onProgress?: (progress: LoadProgress) => void;
      onEvent?: (event: ResidencyEvent) => void;
      onFetch?: (event: FetchEvent) => void;
      cause?: { run: string; turn: number | undefined };
    },
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
    return { ...model, ...this.pool.describe(model), pinned: this.pool.isPinned(model) };
  }
}

/** Instructions come with every message of a conversation, and often with every conversation. */
function withStaticMessages(prompt: Prompt): Prompt {
  if (!("messages" in prompt) || prompt.staticMessages !== undefined) return prompt;
  const first = prompt.messages.findIndex(({ role }) => role !== "system");
  return first > 0 ? { ...prompt, staticMessages: first } : prompt;
}

function cacheWorker(options: RuntimeOptions): string {
  return options.cacheWorker ?? resolve(/* turbopackIgnore: true */ process.cwd(), "dist", "cache-worker.js");
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
