import type { Config } from "../config";
import type { MemoryLimit } from "../memory";
import { waysOutOf, type Footprint, type WayOut } from "../residency";
import { findModelToFit, type DownloadNeeded } from "./find-model-to-fit";
import { largestContext } from "./largest-context";
import { createMemoryBudget } from "./memory-budget";
import { forecastModel } from "./model-forecast";

/** What a running server holds: its models, and itself with its spare process. In bytes. */
export interface RunningServer {
  models: { ids: string[]; pid: number; bytes: number }[];
  ownBytes: number;
}

/** Whether a model fits into memory, and what that depends on. Sizes in bytes, contexts in tokens. */
export interface FitReport {
  model: string;
  /** The file; of a model that is only on the Hub, `hf:ORG/REPO/FILE@COMMIT`. */
  path: string;
  /** Why this quant of several; null when it was named. */
  reason: string | null;
  /** What would be downloaded first; null when the files are on this disk. */
  download: DownloadNeeded | null;
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
  /** Whether it can be loaded, if need be after the others have left; the disk is another matter, see `download`. */
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
 * Of a model on the Hub only its header is read, a few MB.
 *
 * @param reference a path to a GGUF, `hf:ORG/REPO...`, or the id of a model that the settings name.
 * @param options.contextSize instead of the setting's, in tokens.
 * @param options.running null when no server runs: this process then stands in for it.
 * @throws MemwellError `model_not_found`, `model_file_missing`, `model_file_invalid`, and whatever the Hub says.
 */
export async function fitModel(
  config: Config,
  reference: string,
  options: { contextSize?: number | undefined; running?: RunningServer | null; signal?: AbortSignal } = {},
): Promise<FitReport> {
  const { contextSize = config.contextSize, running = null } = options;
  const models = running?.models ?? [];
  const budget = createMemoryBudget(config, {
    models: () => models.map(({ pid }) => pid),
    others: () => [process.pid],
  });
  const otherBytes = Math.max(budget.otherBytes(), running?.ownBytes ?? 0);
  const room = budget.budgetBytes - otherBytes;
  const found = await findModelToFit({ ...config, contextSize }, reference, room, options.signal);
  const { path, contexts, adapters, ids, model } = found;
  const { summary } = model;
  const at = (size: number | "auto") =>
    forecastModel({ config: { ...config, contextSize: size }, path, contexts, adapters, model });

  const { settings, forecast } = at(contextSize);
  const { budgetBytes, limitBytes, limit } = budget;
  const resident = models
    .filter((model) => !model.ids.some((id) => ids.includes(id)))
    .map(({ ids, bytes }) => ({ ids, bytes }));
  const largest = largestContext(
    summary.contextLength,
    (size) => at(size).settings.sequences,
    (size) => at(size).forecast.total <= room,
  );
  const figures = { neededBytes: forecast.total, budgetBytes, limitBytes, otherBytes, pinned: [] };
  // This machine would hold it: only the user's own cap does not.
  const machineBytes = limit.candidates.find(({ bound }) => bound !== "user")?.bytes ?? 0;
  const isOnlyCapped = limit.bound === "user" && forecast.total + otherBytes <= machineBytes * config.memoryThreshold;
  const waysOut = waysOutOf({ ...figures, missingBytes: forecast.total - room });
  return {
    model: reference,
    path,
    reason: found.reason,
    download: found.download,
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
