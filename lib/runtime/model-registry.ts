import { basename, join } from "node:path";
import { formatModelReference, parseModelReference, type Config, type ModelReference } from "../config";
import type { ContextSettings } from "../engine";
import { builtInDomains, builtInFile, builtInId } from "./built-in";

/** The id of the whole agent; as one model, its response model. */
export const AGENT_MODEL_ID = "memwell";

export type ModelRole = "response" | "reasoning";

/** A model as the settings name it, before anything is read from its file. */
export interface RegisteredModel {
  id: string;
  /** None of a domain's model: it takes the response model's part when a turn asks for it. */
  roles: ModelRole[];
  /** Of a built-in model that is there for when the one with this role cannot be had; absent for the others. */
  standsInFor?: ModelRole;
  source: "file" | "hub" | "builtin" | "demo";
  /** The file, or `hf:ORG/REPO...` of a model on the Hub: where that one's files are is known once they are there. */
  path: string;
  adapterPath: string | null;
  /** The domain that it is; absent for the others. */
  domain?: string;
}

/** Where the files named by `path` or `adapterPath` come from. */
export function referenceOf(path: string): ModelReference {
  return parseModelReference(path, "/") ?? { type: "path", path };
}

/** The same file with the same adapter is one model, whatever roles it has. */
export function registerModels(config: Config): RegisteredModel[] {
  const wanted: RegisteredModel[] = [
    describe("response", config.responseModel, config.responseAdapter, config),
    describe("reasoning", config.reasoningModel, null, config),
  ];
  const models: RegisteredModel[] = [];
  for (const model of wanted) {
    const same = models.find((other) => other.path === model.path && other.adapterPath === model.adapterPath);
    if (same === undefined) models.push({ ...model, id: uniqueId(model.id, models) });
    else same.roles.push(...model.roles);
  }
  const base = describe("response", config.responseModel, null, config);
  for (const { name, adapter } of [...config.domains, ...builtInDomains(config)]) {
    const id = uniqueId(`${base.id}-${name}`, models);
    models.push({ ...base, id, roles: [], adapterPath: formatModelReference(adapter), domain: name });
  }
  for (const standIn of standInsFor(config, models)) models.push({ ...standIn, id: uniqueId(standIn.id, models) });
  return models;
}

/** The built-in models beside those that were named or chosen. */
function standInsFor(config: Config, models: readonly RegisteredModel[]): RegisteredModel[] {
  const named = { response: config.responseModel, reasoning: config.reasoningModel };
  return (["response", "reasoning"] as const).flatMap((role) => {
    const path = named[role] === null ? null : builtInFile(config, role);
    if (path === null || models.some((model) => model.path === path && model.adapterPath === null)) return [];
    return [{ id: builtInId(role), roles: [], standsInFor: role, source: "builtin", path, adapterPath: null }];
  });
}

/** The built-in model that may answer in this role where `model` cannot be had; null where there is none. */
export function standInFor(
  model: RegisteredModel,
  role: ModelRole,
  registered: readonly RegisteredModel[],
): RegisteredModel | null {
  const found = registered.find(
    (other) =>
      other.source === "builtin" &&
      other.adapterPath === null &&
      (other.standsInFor === role || other.roles.includes(role)),
  );
  return found === undefined || found.id === model.id ? null : found;
}

/** The name of the context that this model is, in the process of its base. */
export function contextNameOf(model: RegisteredModel): string {
  return model.adapterPath ?? "base";
}

/** The context that this model is; its adapter's path is still the one of the settings. */
export function contextOf(model: RegisteredModel): ContextSettings {
  const adapter = model.adapterPath === null ? null : { path: model.adapterPath, scale: 1 };
  return { name: contextNameOf(model), adapter };
}

/**
 * The contexts that the process for all models with this base is loaded with; the base alone when nobody named it. Those of
 * domains are opened later.
 */
export function contextsAt(path: string, models: readonly RegisteredModel[]): ContextSettings[] {
  const contexts = models.filter((model) => model.path === path && model.roles.length > 0).map(contextOf);
  return contexts.length > 0 ? contexts : [{ name: "base", adapter: null }];
}

/** The adapters of the domains on this base, as the settings name them. */
export function domainAdaptersAt(path: string, models: readonly RegisteredModel[]): string[] {
  const adapters = models.flatMap((model) =>
    model.path === path && model.domain !== undefined ? (model.adapterPath ?? []) : [],
  );
  return [...new Set(adapters)];
}

/** Of several models that share a process, the one that was asked for, or else the first. */
export function idOfPath(path: string, asked: RegisteredModel | null, models: readonly RegisteredModel[]): string {
  if (asked?.path === path) return asked.id;
  return models.find((model) => model.path === path)?.id ?? path;
}

export function demoModelPath(dataDir: string, role: ModelRole): string {
  return join(dataDir, "models", `demo-${role}.gguf`);
}

function describe(
  role: ModelRole,
  model: ModelReference | null,
  adapter: ModelReference | null,
  config: Config,
): RegisteredModel {
  const adapterPath = adapter === null ? null : formatModelReference(adapter);
  if (model === null) {
    const builtIn = builtInFile(config, role);
    const name = builtIn === null ? `demo-${role}` : builtInId(role);
    const id = adapterPath === null ? name : `${name}-${slug(adapterPath)}`;
    if (builtIn !== null) return { id, roles: [role], source: "builtin", path: builtIn, adapterPath };
    return { id, roles: [role], source: "demo", path: demoModelPath(config.dataDir, role), adapterPath };
  }
  const path = formatModelReference(model);
  const id = adapterPath === null ? slug(path) : `${slug(path)}-${slug(adapterPath)}`;
  return { id, roles: [role], source: model.type === "hub" ? "hub" : "file", path, adapterPath };
}

/** The file's name; of a model on the Hub that names none, the repository's with its quant. */
function nameOf(reference: ModelReference): string {
  if (reference.type === "path") return reference.path;
  if (reference.file !== null) return reference.file;
  const stem = reference.repo.replace(/-gguf$/i, "");
  return reference.quant === null ? stem : `${stem}-${reference.quant}`;
}

/** "/models/Qwen2.5 0.5B.Q4_0.gguf" -> "qwen2.5-0.5b.q4_0": what people type after --model. */
function slug(path: string): string {
  const stem = basename(nameOf(referenceOf(path))).replace(/\.gguf$/i, "");
  const plain = stem
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[-.]+|[-.]+$/g, "");
  return plain === "" || plain === AGENT_MODEL_ID ? `model-${plain}` : plain;
}

function uniqueId(id: string, taken: RegisteredModel[]): string {
  let candidate = id;
  for (let number = 2; taken.some((model) => model.id === candidate); number++) candidate = `${id}-${number}`;
  return candidate;
}
