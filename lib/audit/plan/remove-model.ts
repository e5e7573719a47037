import type { AuditModel } from "../contract";
import type { Draft } from "./draft";

export const FROM_TRASH = "move it back from the trash";

/** Plans to remove what is left of a model, unless something speaks against it. */
export function removeModel(draft: Draft, model: AuditModel, why: string): void {
  const { path } = model;
  const rest = draft.rest(model);
  if (rest.paths.length === 0) return;
  if (!draft.mayGo({ path, ...rest, lastUsed: lastUseOf(model) })) return;
  draft.add("cleanup", { action: "delete", ...rest, what: path, why, risk: "low", undo: FROM_TRASH });
}

/** Seconds since 1970. */
export function lastUseOf(of: { last_accessed: number; last_modified: number }): number {
  return Math.max(of.last_accessed, of.last_modified);
}
