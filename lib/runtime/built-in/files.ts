import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Config, Domain } from "../../config";
import type { ModelRole } from "../model-registry";

/** The adapters that Memwell ships with, each on its response model. */
const DOMAINS = ["education", "business", "healthcare", "creative", "leadership"] as const;

export function builtInId(role: ModelRole): string {
  return `memwell-${role}`;
}

/** The file of the built-in model for this role; null where there is none. What it holds is looked at when it is read. */
export function builtInFile({ builtInModels: folder }: Pick<Config, "builtInModels">, role: ModelRole): string | null {
  return folder === null ? null : fileIn(folder, builtInId(role));
}

/**
 * The domains that come with the built-in response model, in a fixed order. None where the settings name domains of their own,
 * or another model answers: an adapter fits its own base alone.
 */
export function builtInDomains(config: Config): Domain[] {
  const { builtInModels: folder, responseModel, domains } = config;
  if (folder === null || responseModel !== null || domains.length > 0) return [];
  if (builtInFile(config, "response") === null) return [];
  return DOMAINS.flatMap((name) => {
    const path = fileIn(folder, `memwell-${name}`);
    return path === null ? [] : [{ name, adapter: { type: "path" as const, path } }];
  });
}

/** Whether the file is one of the folder of built-in models. */
export function isBuiltInFile({ builtInModels }: Pick<Config, "builtInModels">, path: string): boolean {
  return builtInModels !== null && dirname(path) === builtInModels;
}

/** A link counts as what it leads to. */
function fileIn(folder: string, name: string): string | null {
  const path = join(folder, `${name}.gguf`);
  try {
    return statSync(path).isFile() ? path : null;
  } catch {
    return null;
  }
}
