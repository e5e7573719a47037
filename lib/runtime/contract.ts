import type { AgentEvent, TurnRequest } from "../agent";
import type { Config } from "../config";
import type { EngineInfo, EngineState, GenerateEvent, GenerateRequest, LoadProgress } from "../engine";
import type { ErrorRecord } from "../errors";
import type { LedgerQuery, LedgerRecord, MemoryEvent, MemoryEventQuery } from "../memory";
import type { WaitingFor } from "../residency";
import type { RuntimeAnalytics } from "./analytics";
import type { BuiltInAbout } from "./built-in";
import type { RuntimeCatalogue } from "./catalogue";
import type { SampleRange } from "../store";
import type { ChatRuns } from "./chat";
import type { FitReport } from "./fit";
import type { HubCache } from "./hub-cache";
import type { MemorySamples } from "./memory-history";
import type { MemoryReport } from "./memory-report";
import type { FetchEvent } from "./fetch-events";
import type { RepoUse } from "./repo-use";
import type { RuntimeStorage } from "./storage";

/** A model people can ask for by its id. Several ids may share one process: the same file, another adapter. */
export interface ModelDescription {
  id: string;
  /** None of a domain's. */
  roles: ("response" | "reasoning")[];
  /** "file" and "hub" were named; "builtin" came with Memwell; "demo" was made by it and speaks nonsense. */
  source: "file" | "hub" | "builtin" | "demo";
  /** The file, or `hf:ORG/REPO...` of a model on the Hub. */
  path: string;
  adapterPath: string | null;
  /** The domain that it is, of those a turn can ask for; absent for the others. */
  domain?: string;
  /** What a built-in model says of itself; null for the others, and for one that cannot be read. */
  builtIn: BuiltInAbout | null;
  /** The ids of the built-in models that answer in its place now; none while it can be had. */
  standIns: string[];
  fileBytes: number | null;
  /** How far the download of its files is; null when none runs. */
  download: FetchEvent | null;
  state: EngineState;
  info: EngineInfo | null;
  /** Bytes the model's process holds in memory now; null while it has no process. */
  residentBytes: number | null;
  /** Its process stays resident once it is loaded, and with it every model that shares it. */
  pinned: boolean;
  /** Why the last start failed, until one succeeds. */
  lastError: ErrorRecord | null;
}

/** What a caller hears while its model is not ready yet, before the events of the generation itself. */
export type WaitEvent =
  /** `position` counts from 1 over everyone who waits; `estimateMs` until it is granted, null while nothing is known. */
  | { type: "queued"; position: number; waitingFor: WaitingFor; estimateMs: number | null }
  | { type: "fetching"; progress: FetchEvent }
  | { type: "loading"; progress: LoadProgress };

export type RunEvent = WaitEvent | GenerateEvent;

/** Who waits for a model, in order of arrival. Times in ms. */
export interface QueueReport {
  length: number;
  /** As many may wait at the same time. */
  limit: number;
  waiting: { model: string; waitedMs: number }[];
}

export interface Readiness {
  ready: boolean;
  models: { id: string; state: EngineState; error: ErrorRecord | null }[];
}

/**
 * The rooms wired together. Web server, command line and tests each make exactly one; it owns every child process.
 *
 * Model ids: each is one model alone. `memwell` is the agent: `startTurn` asks it, and where one model is meant (`generate`,
 * `load`, `pin`) it stands for the response model.
 */
export interface Runtime {
  readonly config: Config;
  /** The Hugging Face cache: what is in it, and what can go. */
  readonly cache: HubCache;
  /** Folders that may be audited, and cleaned by a plan. */
  readonly storage: RuntimeStorage;
  /** The visitors' conversations, and the turns that answer them. */
  readonly chat: ChatRuns;
  /** What `TurnRequest.domain` may be beside `none` and `auto`, in the order of the settings. */
  readonly domains: readonly string[];
  /** Figures of turns that have ended, and alerts. */
  readonly analytics: RuntimeAnalytics;
  /** Models to choose from, and which of them answers. */
  readonly catalogue: RuntimeCatalogue;
  models(): ModelDescription[];
  /** Which repositories of the cache its models need right now. */
  repoUses(): RepoUse[];
  readiness(): Readiness;
  memory(): Promise<MemoryReport>;
  /** The memory of past steps, from the ledger. */
  memoryLog(query: LedgerQuery): LedgerRecord[];
  /** Memory over time, from samples kept by a server. */
  memorySamples(range: SampleRange): Promise<MemorySamples>;
  /** What happened to the models of a server, to be marked on those. */
  memoryEvents(query: MemoryEventQuery): MemoryEvent[];
  /**
   * Whether a model would fit beside what is held now; as `fitModel`, which see for what it throws. One question at a time;
   * `queue_full` when too many wait. Reads files and, for `hf:` references, the Hub: whom to let is the caller's to decide.
   */
  fit(reference: string, options?: { contextSize?: number | undefined }): Promise<FitReport>;
  /**
   * Streams one generation; never throws. Unknown id: a `failed` event with code `model_not_found`.
   *
   * @param options.run what the ledger names its steps by; a new UUID when absent.
   */
  generate(
    modelId: string,
    request: GenerateRequest,
    options?: { signal?: AbortSignal; run?: string; turn?: number },
  ): AsyncGenerator<RunEvent, void, void>;
  /**
   * One turn of the agent: decisions, tools, thinking and an answer, with the models taking turns. Never throws.
   *
   * @param options.run what the ledger names its steps by; a new UUID when absent.
   */
  startTurn(
    request: TurnRequest,
    options?: { signal?: AbortSignal; run?: string; turn?: number },
  ): AsyncGenerator<AgentEvent<WaitEvent>, void, void>;
  /** Throws `model_not_found` and whatever the start throws. */
  load(
    modelId: string,
    options?: {
      signal?: AbortSignal;
      onProgress?: (progress: LoadProgress) => void;
      onFetch?: (progress: FetchEvent) => void;
    },
  ): Promise<ModelDescription>;
  unload(modelId: string): Promise<ModelDescription>;
  /** Keeps a model in memory once it is loaded; it does not load it. Throws `model_not_found`. */
  pin(modelId: string): ModelDescription;
  unpin(modelId: string): ModelDescription;
  queue(): QueueReport;
  /** Ends every child; afterwards every call fails with `engine_closed`. Safe to call twice. */
  close(): Promise<void>;
}
