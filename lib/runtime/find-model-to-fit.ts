import { existsSync } from "node:fs";
import { formatModelReference, parseModelReference, type Config } from "../config";
import type { ContextSettings } from "../engine";
import { MemwellError } from "../errors";
import { readModel, type GgufModel } from "../gguf";
import { freeBytes } from "../hub";
import { DemoModels } from "./demo-models";
import {
  AGENT_MODEL_ID,
  contextOf,
  contextsAt,
  referenceOf,
  registerModels,
  type RegisteredModel,
} from "./model-registry";
import type { HubReference } from "./model-sets";
import { findOnHub, locateModel } from "./model-source";
import { adaptersOf } from "./opened-model";
import { hubReference } from "./pull";
import { sizingFor, type Sizing } from "./sizing";

/** What has to be downloaded before a model can be loaded. In bytes. */
export interface DownloadNeeded {
  /** Of the files, what the cache does not have yet. */
  size: number;
  files: { path: string; size: number }[];
  /** Free where the cache is; null when the disk does not say. */
  free_disk_bytes: number | null;
  fits_disk: boolean;
}

export interface ModelToFit {
  path: string;
  /** That its process is loaded with. */
  contexts: ContextSettings[];
  /** Those contexts' adapters, and those of domains, which the process reads later. */
  adapters: { fileBytes: number }[];
  /** Of all models that share that process. */
  ids: string[];
  model: GgufModel;
  reason: string | null;
  download: DownloadNeeded | null;
}

/**
 * @param roomBytes memory that it may take, for choosing among quants.
 * @throws MemwellError `model_not_found`, what is wrong with its file, or what the Hub says.
 */
export async function findModelToFit(
  config: Config,
  reference: string,
  roomBytes: number,
  signal?: AbortSignal,
): Promise<ModelToFit> {
  const registered = registerModels(config);
  const known = registered.find(({ id, roles }) =>
    reference === AGENT_MODEL_ID ? roles.includes("response") : id === reference,
  );
  if (known?.source === "demo") await new DemoModels(config.dataDir).ensure(known.path);
  const base = known?.path ?? baseNamed(reference, registered);
  const ids = registered.filter((model) => model.path === base).map(({ id }) => id);
  const contexts = await locateAdapters(config, contextsAt(base, registered));
  const domains = registered.filter(({ path, domain }) => path === base && domain !== undefined).map(contextOf);
  const adapters = adaptersOf([...contexts, ...(await locateAdapters(config, domains))]);
  const sizing = sizingFor(config, contexts, () => roomBytes);
  const source = referenceOf(base);
  const located = await locateModel(config, { reference: source, kind: "model", sizing });
  if (located === null && source.type === "hub")
    return { contexts, adapters, ids, ...(await readRemote(config, source, sizing, signal)) };
  const { path, reason } = located ?? { path: base, reason: null };
  return { path, contexts, adapters, ids, model: await readModel(path), reason, download: null };
}

async function readRemote(config: Config, reference: HubReference, sizing: Sizing, signal?: AbortSignal) {
  const found = await findOnHub(config, { reference, kind: "model", sizing }, signal);
  const { listing, set, missing, reason, headers } = found;
  const first = set.paths[0] ?? "";
  const free = await freeBytes(config.hub.cacheDir);
  const sizes = new Map(listing.files.map(({ path, size }) => [path, size]));
  return {
    path: `hf:${listing.repo.repo_id}/${first}@${listing.commit_hash}`,
    model: await readModel(first, headers.open),
    reason,
    download: {
      size: missing,
      files: set.paths.map((path) => ({ path, size: sizes.get(path) ?? 0 })),
      free_disk_bytes: free,
      fits_disk: free === null || missing <= free,
    },
  };
}

/** An adapter that is not there yet counts as nothing: loading fetches it. */
async function locateAdapters(config: Config, contexts: ContextSettings[]): Promise<ContextSettings[]> {
  return Promise.all(
    contexts.map(async (context) => {
      if (context.adapter === null) return context;
      const located = await locateModel(config, {
        reference: referenceOf(context.adapter.path),
        kind: "adapter",
        sizing: null,
      });
      return located === null ? context : { ...context, adapter: { ...context.adapter, path: located.path } };
    }),
  );
}

/** The `path` that a registered model of this name would have. */
function baseNamed(reference: string, registered: readonly RegisteredModel[]): string {
  const shown = reference.slice(0, 200);
  if (reference.startsWith("hf:")) return formatModelReference(hubReference(reference));
  const parsed = parseModelReference(reference, process.cwd());
  if (parsed?.type === "path" && (existsSync(parsed.path) || /[/\\]|\.gguf$/i.test(reference))) return parsed.path;
  const known = [AGENT_MODEL_ID, ...registered.map(({ id }) => id)];
  throw new MemwellError(
    "model_not_found",
    `There is no model and no file "${shown}". Name the path of a GGUF file, hf:ORG/REPO of the Hub, or one of: ${known.join(", ")}.`,
    { model: shown, known },
  );
}
