import { formatModelReference, parseModelReference, type Config, type ModelReference } from "../config";
import { MemwellError } from "../errors";
import { makeRoom } from "./disk-budget";
import { withDatabase } from "./database";
import { createMemoryBudget } from "./memory-budget";
import { forecastModel } from "./model-forecast";
import { fetchModel, type FetchEvent, type LocatedModel } from "./model-source";

/**
 * Downloads a model of the Hub into the cache; nothing is downloaded twice. A quant left out is chosen for this machine.
 *
 * @throws MemwellError what `fetchModel` throws.
 */
export async function pullModel(
  config: Config,
  reference: ModelReference,
  options: { signal?: AbortSignal | undefined; onEvent?: ((event: FetchEvent) => void) | undefined } = {},
): Promise<LocatedModel> {
  const budget = createMemoryBudget(config, { models: () => [], others: () => [process.pid] });
  const contexts = [{ name: "base", adapter: null }];
  return withDatabase(config, (database) =>
    fetchModel(config, reference, {
      ...options,
      sizing: {
        memoryBytes: () => budget.budgetBytes - budget.otherBytes(),
        footprintOf: (path, model) => forecastModel({ config, path, contexts, adapters: [], model }).forecast.total,
      },
      makeRoom: (bytes, repo) => makeRoom(config, database, bytes, repo),
    }),
  );
}

/**
 * What to pull: what is named, or else every model of the settings that is on the Hub.
 *
 * @throws MemwellError `invalid_request`
 */
export function referencesToPull(
  config: Config,
  names: readonly string[],
): { name: string; reference: ModelReference }[] {
  if (names.length > 0) return names.map((name) => ({ name, reference: hubReference(name) }));
  const settings = [config.responseModel, config.responseAdapter, config.reasoningModel];
  const onHub = settings.filter((reference) => reference?.type === "hub");
  const named = new Map(onHub.map((reference) => [formatModelReference(reference), reference]));
  if (named.size === 0)
    throw new MemwellError(
      "invalid_request",
      "No model of the settings is on the Hub. Name one to pull, such as hf:ORG/REPO:Q4_K_M.",
    );
  return [...named].map(([name, reference]) => ({ name, reference }));
}

/** `ORG/REPO...` is taken for `hf:ORG/REPO...`: there is nothing else it could mean here. */
function hubReference(name: string): ModelReference {
  const parsed = parseModelReference(name.startsWith("hf:") ? name : `hf:${name}`, "/");
  if (parsed?.type === "hub") return parsed;
  throw new MemwellError(
    "invalid_request",
    `${JSON.stringify(name.slice(0, 200))} names no model of the Hub. Write it as hf:ORG/REPO[/FILE][:QUANT][@REVISION].`,
    { reference: name.slice(0, 200) },
  );
}
