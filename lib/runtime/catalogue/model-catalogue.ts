import { formatModelReference, type Config } from "../../config";
import { MemwellError } from "../../errors";
import { BUILT_IN_ID, freeBytes, readCatalogue, type CatalogueEntry } from "../../hub";
import type { BuiltInFacts } from "../built-in";
import type { RegisteredModel } from "../model-registry";
import type { HubReference } from "../model-sets";
import { locateModel, type LocatedModel } from "../model-source";
import { fileBytes } from "../opened-model";
import { describeBuiltIn } from "./built-in-row";
import { lockedBy } from "./choices";
import type { CatalogueModel, CatalogueReport } from "./contract";
import { estimateBytes, estimateFileBytes, markFit } from "./fit-mark";
import { Forecasts } from "./forecasts";

/** What the catalogue asks of the runtime. Sizes in bytes. */
export interface CatalogueParts {
  config: Config;
  /** What the built-in models say of themselves. */
  builtIn: BuiltInFacts;
  /** The models that answer now. */
  active: () => readonly RegisteredModel[];
  /** What models may hold together. */
  roomBytes: () => number;
  /** What the process of this base holds; null while there is none. */
  heldBytes: (path: string) => number | null;
}

/** One of the catalogue, or null: the models that are there without a choice. */
export type Found = CatalogueEntry | null;

/** The models to choose from, with what they would take on this machine. Asks the Hub nothing. */
export class ModelCatalogue {
  readonly forecasts: Forecasts;

  constructor(private readonly parts: CatalogueParts) {
    this.forecasts = new Forecasts(parts.config);
  }

  /** @throws MemwellError `invalid_setting` for an owner's catalogue that cannot be read */
  async report(): Promise<CatalogueReport> {
    const { config } = this.parts;
    const { date, models } = await readCatalogue(config.catalogue);
    const freeDiskBytes = await freeBytes(config.hub.cacheDir);
    const { active, builtIn, roomBytes } = this.parts;
    const needed = (path: string): Promise<number | null> => this.forecasts.ofFile(path);
    const described: CatalogueModel[] = [
      await describeBuiltIn({ config, active: active(), facts: builtIn, roomBytes: roomBytes(), needed }),
    ];
    for (const entry of models) described.push(await this.#describe(entry, freeDiskBytes));
    return {
      date,
      models: described,
      lockedBy: { response: lockedBy(config, "response"), reasoning: lockedBy(config, "reasoning") },
    };
  }

  /** @throws MemwellError `model_not_found` naming those there are, and as `report` */
  async find(id: string): Promise<Found> {
    if (id === BUILT_IN_ID) return null;
    const { models } = await readCatalogue(this.parts.config.catalogue);
    const entry = models.find((model) => model.id === id);
    if (entry !== undefined) return entry;
    const known = [BUILT_IN_ID, ...models.map((model) => model.id)];
    throw new MemwellError(
      "model_not_found",
      `The catalogue has no model ${JSON.stringify(id.slice(0, 200))}. Choose one of: ${known.join(", ")}.`,
      { model: id.slice(0, 200), known },
    );
  }

  async #describe(entry: CatalogueEntry, freeDiskBytes: number | null): Promise<CatalogueModel> {
    const { config, active, roomBytes } = this.parts;
    const { repo: _, file: __, quant, revision: ___, ...said } = entry;
    const reference = formatModelReference(referenceOf(entry));
    const located = await locateModel(config, { reference: referenceOf(entry), kind: "model", sizing: null }).catch(
      () => null,
    );
    const onDisk = located === null ? null : bytesOf(located);
    const remote = this.forecasts.ofReference(reference);
    const exact = onDisk ?? remote?.sizeBytes ?? null;
    const size = exact ?? entry.size ?? estimateFileBytes(entry.parameters, quant);
    const forecast =
      (located === null ? null : await this.forecasts.ofFile(located.path)) ?? remote?.neededBytes ?? null;
    const fit =
      size === null
        ? null
        : markFit({
            neededBytes: forecast ?? estimateBytes(size, config.contextSize),
            isForecast: forecast !== null,
            roomBytes: roomBytes(),
            otherBytes: await this.#otherBytes(entry, reference),
            downloadBytes: onDisk === null ? size : 0,
            freeDiskBytes,
            sizeBytes: size,
            diskBudget: config.diskBudget,
          });
    const usedAs = active().flatMap((model) => (model.path === reference ? model.roles : []));
    return { ...said, reference, size, isSizeExact: exact !== null, isOnDisk: onDisk !== null, usedAs, fit };
  }

  /** What the models of the roles hold that this one would not take. */
  async #otherBytes(entry: CatalogueEntry, reference: string): Promise<number> {
    const { config, active, heldBytes } = this.parts;
    const taken = entry.roles.filter((role) => lockedBy(config, role) === null);
    const others = active().filter(
      ({ path, roles }) => path !== reference && roles.some((role) => !taken.includes(role)),
    );
    let bytes = 0;
    for (const path of new Set(others.map((model) => model.path)))
      bytes += heldBytes(path) ?? (await this.#needed(path));
    return bytes;
  }

  async #needed(path: string): Promise<number> {
    const file = path.startsWith("hf:") ? null : path;
    return (
      (file === null ? null : await this.forecasts.ofFile(file)) ?? this.forecasts.ofReference(path)?.neededBytes ?? 0
    );
  }
}

export function referenceOf({ repo, file, quant, revision }: CatalogueEntry): HubReference {
  return { type: "hub", repo, file, quant, revision: revision === "main" ? null : revision };
}

function bytesOf({ paths }: LocatedModel): number {
  return paths.reduce((sum, path) => sum + (fileBytes(path) ?? 0), 0);
}
