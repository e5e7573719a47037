import { realpathSync } from "node:fs";
import {
  addToManifest,
  applyPlan,
  dryRun,
  emptyTrash,
  listTrash,
  MANIFEST_FILE,
  resumeApply,
  undoApply,
  type ApplyHelpers,
  type ApplyOptions,
  type ApplyResult,
  type AuditPlan,
  type ResumeResult,
} from "../audit";
import type { Config } from "../config";
import { movesOutOfCaches } from "./storage-caches";
import { publishesTo } from "./storage-publish";

export type StorageOptions = Omit<ApplyOptions, "helpers"> & {
  /** ORG/NAME, where what is only here is uploaded before it leaves. Without one it stays. */
  publishTo?: string | undefined;
};

/** What a plan would do now, with the caches and settings of this machine. Throws as `dryRun` of lib/audit. */
export function dryRunStorage(config: Config, plan: AuditPlan, options: StorageOptions = {}): Promise<ApplyResult> {
  return dryRun(plan, { ...options, helpers: helpersOf(config, options) });
}

/** Carries out a plan. Throws as `applyPlan` of lib/audit. */
export function applyStorage(config: Config, plan: AuditPlan, options: StorageOptions = {}): Promise<ApplyResult> {
  return applyPlan(plan, { ...options, helpers: helpersOf(config, options) });
}

/** Goes on with what was interrupted. Throws as `resumeApply` of lib/audit. */
export function resumeStorage(
  config: Config,
  folder: string,
  options: Pick<StorageOptions, "signal" | "onEvent" | "publishTo"> = {},
): Promise<ResumeResult | null> {
  return resumeApply(folder, { ...options, helpers: helpersOf(config, options) });
}

export { emptyTrash as emptyStorageTrash, listTrash as listStorageTrash, undoApply as undoStorage };

function helpersOf({ hub }: Config, { publishTo }: Pick<StorageOptions, "publishTo">): ApplyHelpers {
  return {
    hub: { removal: movesOutOfCaches },
    cache: { cacheDir: realOr(hub.cacheDir) },
    manifest: { name: MANIFEST_FILE, add: (text, files) => addToManifest(text, files) },
    publish: publishTo === undefined ? undefined : publishesTo(hub, publishTo),
  };
}

/** It may not be there yet. */
function realOr(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}
