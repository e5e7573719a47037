import { checkModelFile, checkAdapterFitsModel } from "../gguf";
import { MemwellError, toMemwellError, type ErrorRecord } from "../errors";
import { describeExit, exitFields, type ChildExit, type EngineChild } from "./child-process";
import type { ChildSource } from "./child-source";
import type {
  CallOptions,
  CloseContextResult,
  ContextSettings,
  CountTokensResult,
  Engine,
  EngineInfo,
  EngineState,
  GenerateEvent,
  GenerateOptions,
  GenerateRequest,
  LoadProgress,
  LoadSettings,
  OpenContextResult,
  ParkResult,
  Prompt,
  RestoreStateRequest,
  RestoreStateResult,
  SaveStateRequest,
  SaveStateResult,
  ScoreRequest,
  ScoreResult,
} from "./contract";
import { StallTimer, throwIfAborted, untilAborted, withDeadline } from "./deadline";
import { resultSchemas } from "./protocol";
import { RequestTable, type EngineRequest } from "./request-table";

export interface EngineTimeouts {
  /** From asking for a process to its `hello`. In ms. */
  startMs: number;
  /** Longest silence while a model loads, which progress resets; and the longest a change of contexts takes. In ms. */
  loadStallMs: number;
  /** Between SIGTERM and SIGKILL. In ms. */
  graceMs: number;
  /** From an abort to its answer: a child evaluates one batch of a prompt first; one that takes longer hangs. In ms. */
  abortMs: number;
}

export const defaultTimeouts: EngineTimeouts = {
  startMs: 60_000,
  loadStallMs: 180_000,
  graceMs: 3_000,
  abortMs: 120_000,
};

/** A start that is under way: everyone who needs the engine waits for the same one. */
interface Start {
  promise: Promise<EngineInfo>;
  progress: Set<(progress: LoadProgress) => void>;
  abort: AbortController;
}

/** See `contract.ts` for the states and what each call does in each of them. */
export class EngineProcess implements Engine {
  private current: EngineState = "stopped";
  private loaded: EngineInfo | null = null;
  private opened = new Set<string>();
  private child: EngineChild | null = null;
  private requests: RequestTable | null = null;
  private starting: Start | null = null;
  private stopping: Promise<void> | null = null;

  constructor(
    private readonly settings: LoadSettings,
    private readonly source: ChildSource,
    private readonly timeouts: EngineTimeouts = defaultTimeouts,
    /** Told when a ready child is gone without `stop` or `close`, and how it ended. */
    private readonly onUnexpectedExit: (error: ErrorRecord) => void = () => {},
  ) {}

  get state(): EngineState {
    return this.current;
  }

  get info(): EngineInfo | null {
    return this.loaded;
  }

  get contexts(): ReadonlySet<string> {
    return this.opened;
  }

  /** The running child's process id, from its start on; null while there is none. */
  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  /** The most tokens of one prompt that the running child has evaluated; 0 while there is none. */
  get largestPrefill(): number {
    return this.requests?.largestPrefill ?? 0;
  }

  /** Requests under way. */
  get activeRequests(): number {
    return this.requests?.size ?? 0;
  }

  async ensureReady(
    options: CallOptions & { onProgress?: (progress: LoadProgress) => void } = {},
  ): Promise<EngineInfo> {
    for (;;) {
      throwIfAborted(options.signal);
      if (this.current === "closed") throw closedError();
      if (this.current === "ready" && this.loaded !== null) return this.loaded;
      if (this.current === "stopping") {
        await this.stopping;
        continue;
      }
      const start = this.starting ?? this.begin();
      if (options.onProgress) start.progress.add(options.onProgress);
      try {
        return await untilAborted(start.promise, options.signal);
      } finally {
        if (options.onProgress) start.progress.delete(options.onProgress);
      }
    }
  }

  async *generate(request: GenerateRequest, options: GenerateOptions = {}): AsyncGenerator<GenerateEvent, void, void> {
    let requests: RequestTable;
    try {
      requests = await this.readyRequests(options.signal);
    } catch (thrown) {
      yield { type: "failed", error: toMemwellError(thrown).toRecord() };
      return;
    }
    yield* requests.stream({ type: "generate", request }, options);
  }

  async score(request: ScoreRequest, options: CallOptions = {}): Promise<ScoreResult> {
    const result = await this.call({ type: "score", request }, resultSchemas.score, options.signal);
    // JSON has no -Infinity: a probability of exactly zero travels as null.
    const answers = result.answers.map((answer) => ({ ...answer, logProbability: answer.logProbability ?? -Infinity }));
    return { ...result, answers };
  }

  async countTokens(prompt: Prompt, options: CallOptions = {}): Promise<CountTokensResult> {
    return this.call({ type: "count", prompt }, resultSchemas.count, options.signal);
  }

  async saveState(request: SaveStateRequest, options: CallOptions = {}): Promise<SaveStateResult> {
    return this.call({ type: "save", request }, resultSchemas.save, options.signal);
  }

  async restoreState(request: RestoreStateRequest, options: CallOptions = {}): Promise<RestoreStateResult> {
    return this.call({ type: "restore", request }, resultSchemas.restore, options.signal);
  }

  async park(withinMs: number, options: CallOptions = {}): Promise<ParkResult> {
    if (this.requests === null) return { sequences: 0, tokens: 0, bytes: 0, threads: null };
    return this.requests.call({ type: "park", withinMs }, resultSchemas.park, options);
  }

  /** @throws MemwellError what is wrong with an adapter's file, or that it is one of another model */
  checkAdapter(path: string): Promise<void> {
    return checkAdapterFitsModel(path, this.settings.modelPath);
  }

  async openContext(
    context: ContextSettings,
    options: { onProgress?: (progress: LoadProgress) => void } = {},
  ): Promise<OpenContextResult> {
    if (context.adapter !== null) await this.checkAdapter(context.adapter.path);
    return this.changeContexts(async (requests, limits) => {
      const both = { ...limits, ...options };
      const result = await requests.call({ type: "open-context", context }, resultSchemas.openContext, both);
      this.opened.add(context.name);
      return result;
    });
  }

  closeContext(name: string, withinMs: number): Promise<CloseContextResult> {
    return this.changeContexts((requests, limits) => {
      this.opened.delete(name);
      return requests.call({ type: "close-context", name, withinMs }, resultSchemas.closeContext, limits);
    });
  }

  stop(): Promise<void> {
    if (this.current === "stopped" || this.current === "closed") return this.stopping ?? Promise.resolve();
    this.stopping ??= this.endChild().finally(() => {
      this.stopping = null;
      if (this.current === "stopping") this.current = "stopped";
    });
    return this.stopping;
  }

  async close(): Promise<void> {
    const stopped = this.stop();
    this.current = "closed";
    await stopped;
  }

  private begin(): Start {
    const start: Start = { promise: Promise.resolve(null as never), progress: new Set(), abort: new AbortController() };
    this.current = "starting";
    this.starting = start;
    start.promise = this.startChild(start).finally(() => {
      if (this.starting === start) this.starting = null;
      this.source.replenish();
    });
    // Every waiter may have left; the failure is then told to the next one who asks.
    start.promise.catch(() => {});
    return start;
  }

  private async startChild(start: Start): Promise<EngineInfo> {
    const tell = (progress: LoadProgress): void => {
      for (const listener of start.progress) listener(progress);
    };
    let taken: { child: EngineChild; isSpare: boolean };
    try {
      // The headers are read before llama.cpp sees the files: what is refused here costs no process its life.
      await checkFiles(this.settings);
      if (start.abort.signal.aborted) throw stoppedError();
      taken = this.source.take();
    } catch (thrown) {
      if (this.current === "starting") this.current = "stopped";
      throw thrown;
    }
    const { child, isSpare } = taken;
    const requests = new RequestTable(child, this.timeouts.abortMs);
    this.child = child;
    void child.exited.then((exit) => this.afterExit(child, requests, exit));
    try {
      const info = await this.greetAndLoad(child, requests, start.abort.signal, tell);
      if (this.child !== child || start.abort.signal.aborted) throw stoppedError();
      this.requests = requests;
      this.loaded = info;
      this.opened = new Set(this.settings.contexts.map(({ name }) => name));
      this.current = "ready";
      return info;
    } catch (thrown) {
      // A spare waited unwatched, and the kernel may have taken it for its memory: that is no failure of this start.
      const diedUnwatched = isSpare && child.hasExited && !requests.hasHeard;
      if (diedUnwatched && !start.abort.signal.aborted) return await this.startChild(start);
      // The first cause wins: a child that we end because its file is bad must not be reported as a crash.
      if (this.child === child) this.child = null;
      await child.end({ graceMs: this.timeouts.graceMs });
      if (this.current === "starting") this.current = "stopped";
      throw start.abort.signal.aborted ? stoppedError() : thrown;
    }
  }

  private async greetAndLoad(
    child: EngineChild,
    requests: RequestTable,
    signal: AbortSignal,
    tell: (progress: LoadProgress) => void,
  ): Promise<EngineInfo> {
    const timedOut = (what: string, ms: number): MemwellError =>
      new MemwellError(
        "engine_start_timeout",
        `The engine process ${what} within ${Math.round(ms / 1000)} s and was ended. The machine may be overloaded, or the ` +
          `disk slow: ask again when it is calmer.`,
        { timeoutMs: ms, logTail: child.logTail },
      );
    tell({ stage: "process", fraction: 0 });
    await withDeadline(child.greeted, this.timeouts.startMs, signal, () =>
      timedOut("did not start", this.timeouts.startMs),
    );
    tell({ stage: "process", fraction: 1 });
    const stall = new StallTimer(this.timeouts.loadStallMs);
    const loading = requests.call({ type: "load", settings: this.settings }, resultSchemas.load, {
      onProgress: (progress) => {
        stall.reset();
        tell(progress);
      },
    });
    try {
      return await Promise.race([
        untilAborted(loading, signal),
        stall.expired.then(() => {
          throw timedOut("made no progress in loading the model", this.timeouts.loadStallMs);
        }),
      ]);
    } finally {
      stall.clear();
      loading.catch(() => {});
    }
  }

  private async changeContexts<T extends OpenContextResult>(
    change: (requests: RequestTable, limits: { signal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    const { requests } = this;
    if (requests === null)
      throw new MemwellError("engine_crashed", "The model's process ended. Ask again to load it anew.");
    // Everybody who needs a context of this process waits meanwhile. A child that does not hear the abort is ended.
    const signal = AbortSignal.timeout(this.timeouts.loadStallMs);
    const result = await change(requests, { signal }).catch((thrown: unknown) => {
      throw signal.aborted ? contextsTimedOut(this.timeouts.loadStallMs) : thrown;
    });
    if (this.requests === requests && this.loaded !== null)
      this.loaded = { ...this.loaded, contextBytes: result.contextBytes };
    return result;
  }

  private async readyRequests(signal: AbortSignal | undefined): Promise<RequestTable> {
    for (;;) {
      await this.ensureReady({ signal });
      // Null when somebody stopped it between the two: then it starts again, or says that it is closed.
      if (this.requests !== null) return this.requests;
    }
  }

  private async call<T>(
    command: EngineRequest,
    schema: { parse(value: unknown): T },
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const requests = await this.readyRequests(signal);
    return requests.call(command, schema, { signal });
  }

  private async endChild(): Promise<void> {
    const child = this.child;
    const starting = this.starting;
    this.current = "stopping";
    this.loaded = null;
    this.opened = new Set();
    starting?.abort.abort();
    this.requests?.failAll(stoppedError().toRecord());
    this.requests = null;
    this.child = null;
    await child?.end({ graceMs: this.timeouts.graceMs });
    await starting?.promise.catch(() => {});
  }

  private afterExit(child: EngineChild, requests: RequestTable, exit: ChildExit): void {
    requests.failAll(crashRecord(exit));
    if (this.child !== child) return;
    this.child = null;
    this.requests = null;
    this.loaded = null;
    this.opened = new Set();
    if (this.current !== "ready") return;
    this.current = "stopped";
    this.onUnexpectedExit(crashRecord(exit));
  }
}

async function checkFiles(settings: LoadSettings): Promise<void> {
  await checkModelFile(settings.modelPath);
  for (const { adapter } of settings.contexts) {
    if (adapter !== null) await checkAdapterFitsModel(adapter.path, settings.modelPath);
  }
}

function crashRecord(exit: ChildExit): ErrorRecord {
  const [code, what] =
    exit.reason === "protocol"
      ? (["engine_protocol", "sent something that is no message and was ended"] as const)
      : (["engine_crashed", `ended unexpectedly with ${describeExit(exit)}`] as const);
  const hint =
    exit.signal === "SIGKILL" && exit.reason === null
      ? "The kernel may have killed it for memory: a smaller context or model helps. "
      : "";
  return {
    code,
    message: `The model's process ${what}. ${hint}Ask again: the next request starts it anew. Its last lines are in logTail.`,
    fields: exitFields(exit),
  };
}

function contextsTimedOut(ms: number): MemwellError {
  return new MemwellError(
    "engine_start_timeout",
    `The model's process did not open or close a context within ${Math.round(ms / 1000)} s. The machine may be overloaded, ` +
      `or the disk slow: ask again when it is calmer.`,
    { timeoutMs: ms },
  );
}

function stoppedError(): MemwellError {
  return new MemwellError("engine_stopped", "The model was unloaded while this ran. Ask again to load it anew.");
}

function closedError(): MemwellError {
  return new MemwellError("engine_closed", "Memwell is shutting down. Ask again once it has started anew.");
}
