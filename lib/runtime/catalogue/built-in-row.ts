import type { Config } from "../../config";
import { BUILT_IN_ID } from "../../hub";
import { builtInDomains, builtInFile, type BuiltInAbout, type BuiltInFacts } from "../built-in";
import type { RegisteredModel } from "../model-registry";
import { fileBytes } from "../opened-model";
import { ROLES } from "./choices";
import type { CatalogueModel } from "./contract";
import { markFit } from "./fit-mark";

/** What the row is made of. Sizes in bytes. */
export interface BuiltInRowParts {
  config: Config;
  /** The models that answer now. */
  active: readonly RegisteredModel[];
  facts: BuiltInFacts;
  /** What models may hold together. */
  roomBytes: number;
  /** What a file would hold once it is loaded; null for one that cannot be read. */
  needed: (path: string) => Promise<number | null>;
}

/** The models that are there without a choice, as one row: those that Memwell ships with, or else made for itself. */
export async function describeBuiltIn(parts: BuiltInRowParts): Promise<CatalogueModel> {
  const { config, active, facts, roomBytes, needed } = parts;
  const paths = ROLES.flatMap((role) => builtInFile(config, role) ?? []);
  const about = paths.flatMap((path) => aboutOf(facts, path) ?? []);
  const isAll = paths.length === ROLES.length;
  const files = [...paths, ...adaptersOf(config)];
  const sizeBytes = files.reduce((sum, path) => sum + (fileBytes(path) ?? 0), 0);
  let neededBytes = 0;
  for (const path of paths) neededBytes += (await needed(path)) ?? 0;
  const figures = { neededBytes, isForecast: true, roomBytes, otherBytes: 0, downloadBytes: 0, freeDiskBytes: null };
  const contexts = about.map(({ contextSize }) => contextSize);
  const license = about[0]?.license ?? null;
  return {
    id: BUILT_IN_ID,
    name: "Built-in models",
    roles: [...ROLES],
    reference: null,
    size: isAll ? sizeBytes : null,
    isSizeExact: isAll,
    parameters: about.length === ROLES.length ? about.reduce((sum, { parameters }) => sum + parameters, 0) : null,
    context: about.length === ROLES.length ? Math.min(...contexts) : null,
    license,
    words: wordsOf(isAll, about),
    source: null,
    isOnDisk: true,
    usedAs: active.flatMap(({ source, roles }) => (source === "demo" || source === "builtin" ? roles : [])),
    fit: isAll && neededBytes > 0 ? markFit({ ...figures, sizeBytes, diskBudget: null }) : null,
  };
}

function wordsOf(isAll: boolean, about: readonly BuiltInAbout[]): string {
  const topics = Math.max(0, ...about.map((each) => each.topics.length));
  const knows = topics === 0 ? "" : ` They know ${topics} topics, and nothing else.`;
  const demo = isAll ? "" : " Their weights are random: they speak nonsense.";
  return `Used when nothing else is chosen.${knows}${demo}`;
}

function aboutOf(facts: BuiltInFacts, path: string): BuiltInAbout | null {
  const about = facts.get(path);
  return about === undefined || "error" in about ? null : about;
}

/** Those of the domains, also while another model answers. */
function adaptersOf(config: Config): string[] {
  const domains = builtInDomains({ ...config, responseModel: null, domains: [] });
  return domains.flatMap(({ adapter }) => (adapter.type === "path" ? adapter.path : []));
}
