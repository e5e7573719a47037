import { readFileSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { formatModelReference, parseModelReference, type Config, type ModelReference } from "../../config";
import { messageOf } from "../../errors";
import type { ModelRole } from "../model-registry";
import type { ModelChoice } from "./contract";

export const ROLES: readonly ModelRole[] = ["response", "reasoning"];

const LARGEST_FILE = 100_000;

/** The setting that names the model of a role, or what lies on it; null where it may be chosen. */
export function lockedBy(config: Config, role: ModelRole): string | null {
  if (modelOf(config, role) !== null && !config.chosenRoles.includes(role))
    return role === "response" ? "MEMWELL_RESPONSE_MODEL" : "MEMWELL_REASONING_MODEL";
  if (role === "reasoning") return null;
  // An adapter fits its own base alone.
  if (config.responseAdapter !== null) return "MEMWELL_RESPONSE_ADAPTER";
  return config.domains.length > 0 ? "MEMWELL_DOMAINS" : null;
}

/** The choice with other models in these roles. Null: the model that is there without a choice. Pure. */
export function withModel(config: Config, roles: readonly ModelRole[], reference: ModelReference | null): ModelChoice {
  const chosen = config.chosenRoles.filter((role) => !roles.includes(role));
  return {
    responseModel: roles.includes("response") ? reference : config.responseModel,
    reasoningModel: roles.includes("reasoning") ? reference : config.reasoningModel,
    chosenRoles: reference === null ? chosen : [...chosen, ...roles],
  };
}

/**
 * The settings with what was chosen before, where they name no model themselves.
 *
 * @param warn told of choices that cannot be read; nothing is then chosen
 */
export function withChoices(config: Config, warn: (warning: string) => void): Config {
  const stored = readChoices(config.dataDir, warn);
  return ROLES.reduce((before, role) => {
    const reference = stored[role];
    if (reference === undefined || lockedBy(before, role) !== null) return before;
    return { ...before, ...withModel(before, [role], reference) };
  }, config);
}

/** Keeps the choices for the next start. @throws the file system's error */
export async function keepChoices(config: Config): Promise<void> {
  const path = pathIn(config.dataDir);
  const chosen = config.chosenRoles.flatMap((role) => {
    const reference = modelOf(config, role);
    return reference === null ? [] : [[role, formatModelReference(reference)]];
  });
  await mkdir(config.dataDir, { recursive: true });
  const aside = `${path}.${process.pid}`;
  try {
    await writeFile(aside, `${JSON.stringify({ version: 1, ...Object.fromEntries(chosen) }, null, 2)}\n`);
    await rename(aside, path);
  } finally {
    await rm(aside, { force: true });
  }
}

function readChoices(dataDir: string, warn: (warning: string) => void): Partial<Record<ModelRole, ModelReference>> {
  const path = pathIn(dataDir);
  try {
    const text = readFileSync(path, "utf8");
    if (text.length > LARGEST_FILE) throw new Error("it is too large");
    const content = JSON.parse(text) as Record<string, unknown> | null;
    if (typeof content !== "object" || content === null || content["version"] !== 1)
      throw new Error("it is of another form");
    return Object.fromEntries(
      ROLES.flatMap((role) => {
        const reference = typeof content[role] === "string" ? parseModelReference(content[role], "/") : null;
        if (content[role] !== undefined && reference?.type !== "hub") throw new Error(`its ${role} names no model`);
        return reference === null ? [] : [[role, reference]];
      }),
    );
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT") return {};
    warn(`${path}, the models that were chosen, cannot be read (${messageOf(thrown)}): choose again.`);
    return {};
  }
}

function modelOf(config: Config, role: ModelRole): ModelReference | null {
  return role === "response" ? config.responseModel : config.reasoningModel;
}

function pathIn(dataDir: string): string {
  return join(dataDir, "models.json");
}
