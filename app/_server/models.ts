import { MemwellError, type Runtime } from "@/lib/runtime";
import { encodeModelList, type ModelEntry } from "@/lib/wire";

/** Seconds since 1970 when this server started; every model is said to be created then. */
const STARTED = Math.floor(Date.now() / 1000 - process.uptime());

/** All models as `/v1/models` shows them, the agent first. */
export function listModels(runtime: Runtime) {
  const settings = { system_prompt: runtime.config.allowsSystemPrompt, domains: runtime.domains };
  return encodeModelList(runtime.models(), STARTED, settings);
}

/**
 * One model as `/v1/models` shows it.
 *
 * @throws MemwellError `model_not_found`
 */
export function findModel(runtime: Runtime, id: string): ModelEntry {
  const known = listModels(runtime).data;
  const model = known.find((entry) => entry.id === id);
  if (model !== undefined) return model;
  const ids = known.map((entry) => entry.id);
  throw new MemwellError(
    "model_not_found",
    `There is no model ${JSON.stringify(id)}: choose one of ${ids.join(", ")}.`,
    {
      parameter: "model",
      model: id,
      known: ids,
    },
  );
}

/** A model's id as it stands in a path; some clients encode `:` and `/`. */
export function decodeId(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
