import type { BuiltInFacts } from "./built-in";
import type { ModelDescription } from "./contract";
import { standInFor, type RegisteredModel } from "./model-registry";

type Live = Omit<ModelDescription, keyof RegisteredModel | "builtIn" | "standIns">;

/**
 * A model as people see it. Pure.
 *
 * @param live what it does now
 * @param active the models that answer now
 * @param facts what was read of the built-in files
 */
export function describeModel(
  model: RegisteredModel,
  live: Live,
  active: readonly RegisteredModel[],
  facts: BuiltInFacts,
): ModelDescription {
  const { standsInFor: _, ...registered } = model;
  const about = facts.get(model.path) ?? null;
  const isRead = about !== null && "topics" in about;
  // A file that was damaged at the start may be whole by now: its process says so.
  const damage = about === null || isRead || live.info !== null ? null : about.error;
  const lastError = live.lastError ?? damage;
  const roles = model.domain === undefined ? model.roles : (["response"] as const);
  const standIns = lastError === null ? [] : roles.flatMap((role) => standInFor(model, role, active)?.id ?? []);
  return { ...registered, ...live, lastError, builtIn: isRead ? about : null, standIns };
}
