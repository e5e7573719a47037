import type { EngineInfo, EngineState } from "../engine";
import { forVisitors, type ErrorRecord } from "../errors";
import { fetchingComment, type FetchingComment, type FetchProgress } from "./progress";

/** What a model's process is doing. */
export type ModelState = EngineState;

/** What the encoder needs of a model; the runtime's `ModelDescription` fits. Sizes in bytes. */
export interface ModelSummary {
  id: string;
  roles: readonly string[];
  source: "file" | "hub" | "builtin" | "demo";
  builtIn: { parameters: number; topics: readonly string[] } | null;
  standIns: readonly string[];
  adapterPath: string | null;
  fileBytes: number | null;
  download: FetchProgress | null;
  state: ModelState;
  info: EngineInfo | null;
  residentBytes: number | null;
  pinned: boolean;
  lastError: ErrorRecord | null;
}

/** What a page may ask the agent for, beside what everybody may. */
export interface AgentSettings {
  /** Whether a turn may bring a system prompt of its own (`instructions`). */
  system_prompt: boolean;
  /** What `domain` may be beside `none` and `auto`; empty where there is none to choose. */
  domains: readonly string[];
}

/** One entry of `GET /v1/models` (https://platform.openai.com/docs/api-reference/models/object), with Memwell's facts. */
export interface ModelEntry {
  id: string;
  object: "model";
  /** Seconds since 1970. */
  created: number;
  owned_by: "memwell";
  memwell: {
    state: ModelState;
    roles: string[];
    /** `builtin` came with Memwell; `demo` was made by it and speaks nonsense. */
    source: "file" | "hub" | "builtin" | "demo";
    /** What a built-in model says of itself, loaded or not: its size, and by name all that it knows. */
    built_in: { parameters: number; topics: string[] } | null;
    /** The ids of the built-in models that answer in its place, while it cannot be had for the reason in `error`. */
    stand_ins: string[];
    adapter: boolean;
    file_bytes: number | null;
    /** How far the download of its files is; null when none runs. */
    download: FetchingComment | null;
    resident_bytes: number | null;
    /** Stays in memory once it is loaded. */
    pinned: boolean;
    /** Tokens one conversation can hold; null until the model is loaded, like all that follows. */
    context_size: number | null;
    sequences: number | null;
    architecture: string | null;
    parameters: number | null;
    thinks: boolean | null;
    error: { code: string; message: string } | null;
    /** Of the agent alone. */
    settings?: AgentSettings;
  };
}

export interface ModelList {
  object: "list";
  data: ModelEntry[];
}

/** The id of the whole agent. */
export const AGENT_ID = "memwell";

/**
 * All models, `memwell` first. A runtime that does not list the agent gets it added with the facts of the response
 * model, which answers for it.
 *
 * @param created seconds since 1970, the same for all: when this server started
 * @param settings what the agent may be asked for
 */
export function encodeModelList(models: readonly ModelSummary[], created: number, settings?: AgentSettings): ModelList {
  const agent =
    models.find((model) => model.id === AGENT_ID) ?? models.find((model) => model.roles.includes("response"));
  const others = models.filter((model) => model.id !== AGENT_ID);
  const ordered = agent === undefined ? others : [{ ...agent, id: AGENT_ID }, ...others];
  const data = ordered.map((model) => encodeModel(model, created));
  for (const { id, memwell } of data) if (id === AGENT_ID && settings !== undefined) memwell.settings = settings;
  return { object: "list", data };
}

/** One model; see `encodeModelList`. */
export function encodeModel(model: ModelSummary, created: number): ModelEntry {
  const error = model.lastError === null ? null : forVisitors(model.lastError);
  return {
    id: model.id,
    object: "model",
    created,
    owned_by: "memwell",
    memwell: {
      state: model.state,
      roles: [...model.roles],
      source: model.source,
      built_in:
        model.builtIn === null ? null : { parameters: model.builtIn.parameters, topics: [...model.builtIn.topics] },
      stand_ins: [...model.standIns],
      adapter: model.adapterPath !== null,
      file_bytes: model.fileBytes,
      download: model.download === null ? null : fetchingComment(model.download),
      resident_bytes: model.residentBytes,
      pinned: model.pinned,
      context_size: model.info?.contextSize ?? null,
      sequences: model.info?.sequences ?? null,
      architecture: model.info?.architecture ?? null,
      parameters: model.info?.parameters ?? null,
      thinks: model.info?.thinks ?? null,
      error: error === null ? null : { code: error.code, message: error.message },
    },
  };
}
