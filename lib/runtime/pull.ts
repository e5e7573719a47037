import { formatModelReference, parseModelReference, type Config } from "../config";
import { MemwellError } from "../errors";
import { withDatabase } from "./database";
import { makeRoom } from "./disk-budget";
import type { FetchEvent } from "./fetch-events";
import { createMemoryBudget } from "./memory-budget";
import type { HubReference, ModelKind } from "./model-sets";
import { fetchModel, type LocatedModel } from "./model-source";
import { sizingFor } from "./sizing";

/** A model or adapter of the Hub to download. */
export interface Pull {
  name: string;
  reference: HubReference;
  kind: ModelKind;
}

/**
 * Downloads a model of the Hub into the cache, as it stands there now; what the cache has is not downloaded again. A quant
 * left out is chosen for this machine.
 *
 * @throws MemwellError what `fetchModel` throws.
 */
export async function pullModel(
  config: Config,
  { reference, kind }: Pick<Pull, "reference" | "kind">,
  options: { signal?: AbortSignal | undefined; onEvent?: ((event: FetchEvent) => void) | undefined } = {},
): Promise<LocatedModel> {
  const budget = createMemoryBudget(config, { models: () => [], others: () => [process.pid] });
  const roomBytes = (): number => budget.budgetBytes - budget.otherBytes();
  const sizing = kind === "model" ? sizingFor(config, [{ name: "base", adapter: null }], roomBytes) : null;
  return withDatabase(config, (database) =>
    fetchModel(
      config,
      { reference, kind, sizing },
      {
        ...options,
        refresh: true,
        makeRoom: (bytes, repo, signal) => makeRoom(config, database, { bytes, repo, signal }),
      },
    ),
  );
}

/**
 * What to pull: what is named, or else every model and adapter of the settings that is on the Hub.
 *
 * @throws MemwellError `invalid_request`
 */
export function pullsOf(config: Config, names: readonly string[]): Pull[] {
  // `ORG/REPO...` is taken for `hf:ORG/REPO...`: there is nothing else it could mean here.
  if (names.length > 0)
    return names.map((name) => {
      const reference = hubReference(name.startsWith("hf:") ? name : `hf:${name}`);
      return { name, reference, kind: "model" };
    });
  const settings: [HubReference | null, ModelKind][] = [
    [onHub(config.responseModel), "model"],
    [onHub(config.responseAdapter), "adapter"],
    [onHub(config.reasoningModel), "model"],
    ...config.domains.map(({ adapter }): [HubReference | null, ModelKind] => [onHub(adapter), "adapter"]),
  ];
  const pulls = settings.flatMap(([reference, kind]): Pull[] =>
    reference === null ? [] : [{ name: formatModelReference(reference), reference, kind }],
  );
  if (pulls.length > 0) return [...new Map(pulls.map((pull) => [pull.name, pull])).values()];
  throw new MemwellError(
    "invalid_request",
    "No model of the settings is on the Hub. Name one to pull, such as hf:ORG/REPO:Q4_K_M.",
  );
}

/** @throws MemwellError `invalid_request` for a text that is no `hf:ORG/REPO...` */
export function hubReference(text: string): HubReference {
  const parsed = parseModelReference(text, "/");
  if (parsed?.type === "hub") return parsed;
  throw new MemwellError(
    "invalid_request",
    `${JSON.stringify(text.slice(0, 200))} names no model of the Hub. Write it as hf:ORG/REPO[/FILE][:QUANT][@REVISION].`,
    { reference: text.slice(0, 200) },
  );
}

function onHub(reference: Config["responseModel"]): HubReference | null {
  return reference?.type === "hub" ? reference : null;
}
