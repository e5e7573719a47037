import { existsSync } from "node:fs";
import { parseModelReference, type Config } from "../config";
import type { ContextSettings } from "../engine";
import { MemwellError } from "../errors";
import { checkModelFile, readGgufHeader } from "../gguf";
import { readCpuLimit, type MemoryLimit } from "../memory";
import { forecastFootprint, waysOutOf, type Footprint, type WayOut } from "../residency";
import { DemoModels } from "./demo-models";
import { largestContext } from "./largest-context";
import { chooseLoadSettings } from "./load-settings";
import { createMemoryBudget } from "./memory-budget";
import { AGENT_MODEL_ID, contextsAt, registerModels, type RegisteredModel } from "./model-registry";
import { adaptersOf } from "./opened-model";

/** What a running server holds: its models, and itself with its spare process. In bytes. */
export interface RunningServer {
  models: { ids: string[]; pid: number; bytes: number }[];
  ownBytes: number;
}

/** Whether a model fits into memory, and what that depends on. Sizes in bytes, contexts in tokens. */
export interface FitReport {
  model: string;
  path: string;
  contextSize: number;
  /** Conversations that can be answered at the same time. */
  sequences: number;
  forecast: Footprint;
  limit: { bytes: number; bound: MemoryLimit["bound"] };
  budgetBytes: number;
  /** Held besides the models. */
  otherBytes: number;
  /** The other models in memory now. */
  resident: { ids: string[]; bytes: number }[];
  /** Whether it can be loaded, if need be after the others have left. */
  fits: boolean;
  /** Whether it can be loaded and the others stay. */
  fitsBeside: boolean;
  trainedContext: number;
  /** The largest context up to the trained one that fits without the others; null when none does. */
  largestContext: number | null;
  /** What would help when it does not fit; empty when it does. */
  waysOut: WayOut[];
}

/**
 * Forecasts whether a model fits, with the settings of `config`. Loads nothing; makes a demo model's file if it is missing.
 *
 * @param reference a path to a GGUF, or the id of a model that the settings name.
 * @param options.contextSize instead of the setting's, in tokens.
 * @param options.running null when no server runs: this process then stands in for it.
 * @throws MemwellError `model_source_unsupported`, `model_not_found`, `model_file_missing`, `model_file_invalid`.
 */
export async function fitModel(
  config: Config,
  reference: string,
  options: { contextSize?: number | undefined; running?: RunningServer | null } = {},
): Promise<FitReport> {
  const { contextSize = config.contextSize, running = null } = options;
  const { path, contexts, ids } = await findModel(config, reference);
  const summary = await checkModelFile(path);
  const { metadata, tensors } = await readGgufHeader(path);
  const adapters = adaptersOf(contexts);
  const cpu = readCpuLimit();
  const settingsOf = (size: number | "auto") =>
    chooseLoadSettings({ config: { ...config, contextSize: size }, modelPath: path, contexts, summary, cpu });
  const forecastOf = (size: number | "auto") =>
    forecastFootprint({ summary, settings: settingsOf(size), adapters, metadata, tensors });

  const settings = settingsOf(contextSize);
  const forecast = forecastOf(contextSize);
  const models = running?.models ?? [];
  const budget = createMemoryBudget(config, {
    models: () => models.map(({ pid }) => pid),
    others: () => [process.pid],
  });
  const { budgetBytes, limitBytes, limit } = budget;
  const otherBytes = Math.max(budget.otherBytes(), running?.ownBytes ?? 0);
  const resident = models
    .filter((model) => !model.ids.some((id) => ids.includes(id)))
    .map(({ ids, bytes }) => ({ ids, bytes }));
  const room = budgetBytes - otherBytes;
  const largest = largestContext(
    summary.contextLength,
    (size) => settingsOf(size).sequences,
    (size) => forecastOf(size).total <= room,
  );
  const figures = { neededBytes: forecast.total, budgetBytes, limitBytes, otherBytes, pinned: [] };
  // This machine would hold it: only the user's own cap does not.
  const machineBytes = limit.candidates.find(({ bound }) => bound !== "user")?.bytes ?? 0;
  const isOnlyCapped = limit.bound === "user" && forecast.total + otherBytes <= machineBytes * config.memoryThreshold;
  const waysOut = waysOutOf({ ...figures, missingBytes: forecast.total - room });
  return {
    model: reference,
    path,
    contextSize: settings.contextSize,
    sequences: settings.sequences,
    forecast,
    limit: { bytes: limit.bytes, bound: limit.bound },
    budgetBytes,
    otherBytes,
    resident,
    fits: forecast.total <= room,
    fitsBeside: forecast.total + resident.reduce((sum, { bytes }) => sum + bytes, 0) <= room,
    trainedContext: summary.contextLength,
    largestContext: largest,
    waysOut: forecast.total <= room ? [] : waysOut.filter((wayOut) => helps(wayOut, config, largest, isOnlyCapped)),
  };
}

function helps({ type }: WayOut, config: Config, largestContext: number | null, isOnlyCapped: boolean): boolean {
  if (type === "smaller_context") return largestContext !== null;
  if (type === "bigger_machine") return !isOnlyCapped;
  return type !== "quantized_kv" || config.kvType === "F16";
}

/** Where the model lies, the contexts its process is loaded with, and the ids of all that share that process. */
async function findModel(
  config: Config,
  reference: string,
): Promise<{ path: string; contexts: ContextSettings[]; ids: string[] }> {
  const registered = registerModels(config);
  const known = registered.find(({ id, roles }) =>
    reference === AGENT_MODEL_ID ? roles.includes("response") : id === reference,
  );
  if (known?.source === "demo") await new DemoModels(config.dataDir).ensure(known.path);
  const path = known?.path ?? localPath(reference, registered);
  const ids = registered.filter((model) => model.path === path).map(({ id }) => id);
  return { path, contexts: contextsAt(path, registered), ids };
}

function localPath(reference: string, registered: readonly RegisteredModel[]): string {
  const parsed = parseModelReference(reference, process.cwd());
  if (parsed?.type === "path" && (existsSync(parsed.path) || /[/\\]|\.gguf$/i.test(reference))) return parsed.path;
  if (parsed?.type === "hub" || reference.startsWith("hf:"))
    throw new MemwellError(
      "model_source_unsupported",
      `${reference.slice(0, 200)} is on the Hugging Face Hub, and this version of Memwell reads files of this disk only. Download ` +
        "the GGUF file and name its path.",
      { reference: reference.slice(0, 200) },
    );
  const known = [AGENT_MODEL_ID, ...registered.map(({ id }) => id)];
  throw new MemwellError(
    "model_not_found",
    `There is no model and no file "${reference.slice(0, 200)}". Name the path of a GGUF file, or one of: ${known.join(", ")}.`,
    { model: reference.slice(0, 200), known },
  );
}
