import { randomUUID } from "node:crypto";
import { libraryNamed, runTurn, type AgentEvent, type PromptLibrary, type TurnRequest } from "../agent";
import { meterGeneration, meterTurn, type MeteredRequest } from "../analytics";
import type { Config } from "../config";
import { ChildSource, defaultTimeouts, type GenerateRequest } from "../engine";
import { MemwellError, toMemwellError } from "../errors";
import type { LedgerQuery, LedgerRecord, MemoryEvent, MemoryEventQuery } from "../memory";
import type { ResidencyChange } from "../residency";
import type { SampleRange } from "../store";
import type { ModelDescription, QueueReport, Readiness, RunEvent, Runtime, WaitEvent } from "./contract";
import { RecordedAnalytics } from "./analytics";
import { ChosenCatalogue } from "./catalogue";
import { RecordedChat, type ChatRuns } from "./chat";
import { agentSlots } from "./agent-slots";
import { AgentTools } from "./agent-tools";
import { readBuiltInFacts, type BuiltInFacts } from "./built-in";
import { recordUse } from "./cache-uses";
import { RuntimeDatabase } from "./database";
import { describeModel } from "./describe-model";
import { DemoModels } from "./demo-models";
import { domainRequest, domainsOf } from "./domains";
import { EnginePool, type EngineLease, type LeaseOptions } from "./engine-pool";
import { runGeneration } from "./generation";
import { makeRoom } from "./disk-budget";
import { HubCache } from "./hub-cache";
import type { FitReport } from "./fit";
import type { MemorySamples } from "./memory-history";
import type { MemoryReport } from "./memory-report";
import { AGENT_MODEL_ID, idOfPath, registerModels, type ModelRole, type RegisteredModel } from "./model-registry";
import { ModelFiles } from "./model-files";
import { ModelRoster } from "./model-roster";
import { cacheWorker, childEnvironment, engineChild, storageWorker } from "./programs";
import { repoUses, type RepoUse } from "./repo-use";
import { RuntimeMemory } from "./runtime-memory";
import { SentMessages } from "./sent-messages";
import { RuntimeStorage } from "./storage";
import { StandIns, type GrantedLease } from "./stand-ins";

export interface RuntimeOptions {
  /** The built engine child; `dist/engine-child.js` of the working folder when absent. */
  childScript?: string;
  /** The built thread that scans the cache; `dist/cache-worker.js` of the working folder when absent. */
  cacheWorker?: string;
  /** The built thread that audits folders; `dist/storage-worker.js` of the working folder when absent. */
  storageWorker?: string;
  /** Keep one process warm for the next load. Costs its memory (about 100 MB) and saves about a second. */
  keepSpare?: boolean;
  /** Make or download the models' files ahead of time, so that the first question does not wait for them. */
  prepareModels?: boolean;
  /** Tell the owner when memory or disk run short; told here too. One process of several on one database does so. */
  onAlert?: (line: string) => void;
  /** Keep samples of memory, and what happens to models, in the database: for a server, not for a single command. */
  keepHistory?: boolean;
  /** Told one line for each step of a model: what it held before, at most, and after. */
  logLine?: (line: string) => void;
}

/** @throws MemwellError when the settings name what cannot be had, or the engine was not built. */
export function createRuntime(config: Config, options: RuntimeOptions = {}): Promise<Runtime> {
  // A rejection rather than a throw, so that callers have one way to fail.
  return readBuiltInFacts(config).then((facts) => new MemwellRuntime({ ...config }, options, facts));
}

class MemwellRuntime implements Runtime {
  private readonly library: PromptLibrary;
  private readonly tools = new AgentTools();
  private readonly sentMessages = new SentMessages();
  private readonly roster: ModelRoster;
  private readonly demoModels: DemoModels;
  private readonly source: ChildSource;
  readonly cache: HubCache;
  readonly storage: RuntimeStorage;
  readonly catalogue: ChosenCatalogue;
  readonly chat: ChatRuns;
  readonly analytics: RecordedAnalytics;
  private readonly database: RuntimeDatabase;
  private readonly memories: RuntimeMemory;
  private readonly modelFiles: ModelFiles;
  private readonly pool: EnginePool;
  private readonly standIns: StandIns;
  private closed: Promise<void> | null = null;

  /**
   * @param config this runtime's own: which model answers can change while it runs
   * @param builtIn what the built-in models say of themselves
   */
  constructor(
    readonly config: Config,
    options: RuntimeOptions,
    private readonly builtIn: BuiltInFacts,
  ) {
    this.library = libraryNamed(config.agent);
    this.roster = new ModelRoster(registerModels(config), (model) => this.pool.unload(model));
    this.demoModels = new DemoModels(config.dataDir);
    this.source = new ChildSource(
      {
        file: process.execPath,
        args: ["--max-semi-space-size=1", engineChild(options.childScript)],
        env: childEnvironment(),
      },
      { keepSpare: options.keepSpare ?? true, graceMs: defaultTimeouts.graceMs },
    );
    const warn = (warning: string): void => void process.stderr.write(`memwell: ${warning}\n`);
    this.database = new RuntimeDatabase(config.dataDir, warn);
    this.cache = new HubCache(config, this.database, cacheWorker(options.cacheWorker));
    this.storage = new RuntimeStorage(this.config, storageWorker(options.storageWorker));
    this.memories = new RuntimeMemory({
      config,
      database: this.database,
      warn,
      logLine: options.logLine,
      processes: { models: () => this.pool.processes(), sparePid: () => this.source.sparePid },
    });
    this.modelFiles = new ModelFiles(config, (bytes, repo, signal) =>
      makeRoom(config, this.database, { bytes, repo, signal }),
    );
    this.pool = new EnginePool(config, {
      source: this.source,
      registered: this.roster.all,
      demoModels: this.demoModels,
      modelFiles: this.modelFiles,
      onUse: (repo) => recordUse(this.database, repo),
      onChange: (change) => this.note(change),
      onFault: (model, error) => options.logLine?.(`memwell: the model ${model} cannot be used: ${error.message}`),
      ledger: this.memories.ledger,
    });
    this.standIns = new StandIns({
      pool: {
        lease: (model, given) => this.lease(model, given),
        stillMissing: (model) => this.pool.stillMissing(model),
      },
      onBegin: (standIn, model, error) => this.memories.noteStandIn(standIn.id, model.id, error),
    });
    this.catalogue = new ChosenCatalogue({
      config,
      builtIn,
      roster: this.roster,
      active: () => this.roster.active,
      roomBytes: () => this.pool.roomBytes(),
      heldBytes: (path) => this.pool.heldBytes(path),
      fit: (reference) => this.fit(reference),
      fetch: (path, fetching) => this.pool.fetch(path, fetching),
      lease: (model, given) => this.lease(model, given),
    });
    this.analytics = new RecordedAnalytics({ config, database: this.database, held: () => this.pool.held(), warn });
    this.chat = new RecordedChat({
      database: this.database,
      server: `${config.host}:${config.port}`,
      startTurn: (request, given) => this.turn(request, given),
      onEnded: () => void this.analytics.catchUp(),
      allowsSystemPrompt: config.allowsSystemPrompt,
      domains: () => this.domains,
      warn,
    });
    if (options.onAlert !== undefined) this.analytics.watchAlerts(options.onAlert);
    this.source.replenish();
    if (options.keepHistory) this.memories.keepHistory();
    if (options.prepareModels) {
      void this.modelFiles.prepareManifest(warn);
      void this.pool.prepare();
    }
  }

  get domains(): string[] {
    return domainsOf(this.roster.active);
  }

  models(): ModelDescription[] {
    return this.roster.active.map((model) => this.describe(model));
  }

  repoUses(): RepoUse[] {
    // A model that no longer answers may still end a turn.
    return repoUses(
      this.config,
      this.roster.all.map((model) => this.describe(model)),
    );
  }

  readiness(): Readiness {
    const models = this.models().map(({ id, state, lastError }) => ({ id, state, error: lastError }));
    // What is fetched once more while a built-in model answers keeps nobody waiting.
    const isFetching = this.models().some(({ download, standIns }) => download !== null && standIns.length === 0);
    // A domain that cannot be had keeps nobody from an answer.
    const needed = this.models().filter(({ roles }) => roles.length > 0);
    const answers = needed.every(({ lastError, standIns }) => lastError === null || standIns.length > 0);
    const ready = this.closed === null && !isFetching && answers;
    return { ready, models };
  }

  memory(): Promise<MemoryReport> {
    return this.memories.report(this.queue());
  }

  memoryLog(query: LedgerQuery): LedgerRecord[] {
    return this.memories.log(query);
  }

  memorySamples(range: SampleRange): Promise<MemorySamples> {
    return this.memories.samples(range);
  }

  memoryEvents(query: MemoryEventQuery): MemoryEvent[] {
    return this.memories.events(query);
  }

  fit(reference: string, options: { contextSize?: number | undefined } = {}): Promise<FitReport> {
    return this.memories.fit(reference, options.contextSize);
  }

  async *generate(
    modelId: string,
    request: GenerateRequest,
    options: { signal?: AbortSignal; run?: string; turn?: number } = {},
  ): AsyncGenerator<RunEvent, void, void> {
    let model: RegisteredModel;
    try {
      model = this.find(modelId);
    } catch (thrown) {
      yield { type: "failed", error: toMemwellError(thrown).toRecord() };
      return;
    }
    const { ledger } = this.memories;
    const { run = randomUUID(), signal, turn } = options;
    const used = this.roster.use();
    const registered = used.models;
    const parts = { model, registered, ledger, lease: (given: LeaseOptions) => this.lease(model, given) };
    try {
      yield* meterGeneration(
        runGeneration(parts, request, { signal, turn, run }),
        model.id,
        this.metered(run, "model"),
      );
    } finally {
      used.release();
    }
  }

  async *startTurn(
    request: TurnRequest,
    { run = randomUUID(), ...options }: NonNullable<Parameters<Runtime["startTurn"]>[1]> = {},
  ): AsyncGenerator<AgentEvent<WaitEvent>, void, void> {
    yield* meterTurn(this.turn(request, { ...options, run }), this.metered(run, "agent"));
  }

  async load(modelId: string, options: Parameters<Runtime["load"]>[1] = {}): Promise<ModelDescription> {
    const model = this.find(modelId);
    const used = this.roster.use();
    try {
      (await this.lease(model, options)).release();
      return this.describe(model);
    } finally {
      used.release();
    }
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
    const named = waiting.map(({ key, waitedMs }) => ({ model: idOfPath(key, null, this.roster.all), waitedMs }));
    return { ...rest, waiting: named };
  }

  close(): Promise<void> {
    this.closed ??= this.closeAll();
    return this.closed;
  }

  private async closeAll(): Promise<void> {
    const { modelFiles, pool, source, cache, storage, tools } = this;
    await this.catalogue.close();
    // First: what was said until now is recorded while there is still somewhere to record it.
    await this.chat.close();
    const ends = await Promise.allSettled(
      [modelFiles, pool, source, cache, storage, tools].map((part) => part.close()),
    );
    // These last: they record how the models went.
    await this.analytics.close();
    this.memories.close();
    this.database.close();
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  }

  /** A turn whose figures somebody else records. */
  private async *turn(
    request: TurnRequest,
    options: { signal?: AbortSignal; run: string; turn?: number },
  ): AsyncGenerator<AgentEvent<WaitEvent>, void, void> {
    const { signal = new AbortController().signal, run, turn } = options;
    let wanted: TurnRequest;
    try {
      wanted = { ...request, ...domainRequest(request.domain, this.domains) };
    } catch (thrown) {
      yield { type: "failed", error: toMemwellError(thrown).toRecord(), text: "" };
      return;
    }
    const used = this.roster.use();
    const pool = {
      lease: (
        model: RegisteredModel,
        role: ModelRole,
        given: (model: RegisteredModel) => LeaseOptions,
      ): Promise<GrantedLease> => this.standIns.lease(model, role, used.models, given),
      resident: () => this.pool.resident(),
    };
    const acquireSlot = agentSlots(pool, used.models, this.memories.ledger, { run, turn });
    const parts = { library: this.library, tools: this.tools.registry, acquireSlot };
    try {
      yield* this.sentMessages.during(wanted, (filled) => runTurn(parts, filled, { signal }));
    } finally {
      used.release();
    }
  }

  /** What became of a model goes on record, and may be one more of too many. */
  private note(change: ResidencyChange): void {
    const nameOf = (path: string): string => idOfPath(path, null, this.roster.all);
    this.memories.note(change, nameOf);
    if (change.type === "leaving" && change.reason === "evicted") this.analytics.evictions.see(nameOf(change.key));
  }

  private metered(run: string, source: MeteredRequest["source"]): MeteredRequest {
    const { analytics } = this;
    return { run, source, loadMs: () => analytics.loadMs(run), record: (figures) => analytics.record(figures) };
  }

  private async lease(model: RegisteredModel, options: LeaseOptions): Promise<EngineLease> {
    if (this.closed !== null)
      throw new MemwellError("engine_closed", "Memwell is shutting down. Ask again once it has started anew.");
    return this.pool.lease(model, options);
  }

  private find(modelId: string): RegisteredModel {
    const found = this.roster.active.find((model) =>
      modelId === AGENT_MODEL_ID ? model.roles.includes("response") : model.id === modelId,
    );
    if (found !== undefined) return found;
    const known = [AGENT_MODEL_ID, ...this.roster.active.map((model) => model.id)];
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
    const live = { ...this.pool.describe(model), pinned: this.pool.isPinned(model) };
    return describeModel(model, live, this.roster.active, this.builtIn);
  }
}
