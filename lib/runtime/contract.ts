import type { Config } from "../config";
import type { EngineInfo, EngineState, GenerateEvent, GenerateRequest, LoadProgress } from "../engine";
import type { ErrorRecord } from "../errors";
import type { MemoryReport } from "./memory-report";

/** A model people can ask for by its id. Several ids may share one process: the same file, another adapter. */
export interface ModelDescription {
  id: string;
  roles: ("response" | "reasoning")[];
  /** "file" was named in the settings; "demo" was made by Memwell and speaks nonsense. */
  source: "file" | "demo";
  path: string;
  adapterPath: string | null;
  fileBytes: number | null;
  state: EngineState;
  info: EngineInfo | null;
  /** Bytes the model's process holds in memory now; null while it has no process. */
  residentBytes: number | null;
  /** Why the last start failed, until one succeeds. */
  lastError: ErrorRecord | null;
}

export interface Readiness {
  ready: boolean;
  models: { id: string; state: EngineState; error: ErrorRecord | null }[];
}

/**
 * The rooms wired together. Web server, command line and tests each make exactly one; it owns every child process.
 *
 * Model ids: `memwell` is the whole agent (until the agent exists, the response model); each other id is that model alone.
 */
export interface Runtime {
  readonly config: Config;
  models(): ModelDescription[];
  readiness(): Readiness;
  memory(): Promise<MemoryReport>;
  /** Streams one generation; never throws. Unknown id: a `failed` event with code `model_not_found`. */
  generate(
    modelId: string,
    request: GenerateRequest,
    options?: { signal?: AbortSignal },
  ): AsyncGenerator<GenerateEvent, void, void>;
  /** Throws `model_not_found` and whatever the start throws. */
  load(
    modelId: string,
    options?: { signal?: AbortSignal; onProgress?: (progress: LoadProgress) => void },
  ): Promise<ModelDescription>;
  unload(modelId: string): Promise<ModelDescription>;
  /** Ends every child; afterwards every call fails with `engine_closed`. Safe to call twice. */
  close(): Promise<void>;
}
