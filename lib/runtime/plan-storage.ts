import { existsSync, realpathSync } from "node:fs";
import { join, relative } from "node:path";
import {
  DEFAULT_RULES,
  makePlan,
  pathText,
  profilesOf,
  readRules,
  RULES_FILE,
  type AuditPlan,
  type AuditReport,
  type Profile,
  type StorageRules,
} from "../audit";
import type { Config, ModelReference } from "../config";

/**
 * What could be done about a folder that was audited. What the settings use stays.
 *
 * @param rulesPath of the file of rules; without one that of the folder, or the defaults
 * @throws MemwellError `not_found`, `invalid_json`, `invalid_request` for the file of rules
 */
export function planStorage(config: Config, report: AuditReport, rulesPath?: string): AuditPlan {
  return makePlan(report, { rules: rulesFor(report, rulesPath), needed: neededBy(config, report) });
}

/** What copies of that folder would hold that are for one kind of use. Parameters and errors as `planStorage`. */
export function storageProfiles(config: Config, report: AuditReport, rulesPath?: string): Profile[] {
  const given = { rules: rulesFor(report, rulesPath), needed: neededBy(config, report) };
  return profilesOf(report, makePlan(report, given), given);
}

function rulesFor({ folder }: AuditReport, rulesPath: string | undefined): StorageRules {
  const own = join(folder, RULES_FILE);
  const path = rulesPath ?? (existsSync(own) ? own : null);
  return path === null ? DEFAULT_RULES : readRules(path);
}

function neededBy(config: Config, { folder }: AuditReport) {
  const { responseModel, reasoningModel, responseAdapter, domains } = config;
  const references = [responseModel, reasoningModel, responseAdapter, ...domains.map(({ adapter }) => adapter)];
  const known = references.filter((reference): reference is ModelReference => reference != null);
  return {
    paths: known.flatMap((reference) => (reference.type === "path" ? pathIn(folder, reference.path) : [])),
    repos: known.flatMap((reference) => (reference.type === "hub" ? [reference.repo] : [])),
    domains: domains.map(({ name, adapter }) => {
      const [path = null] = adapter.type === "path" ? pathIn(folder, adapter.path) : [];
      return { name, path };
    }),
  };
}

/** From the folder on, as the report writes paths; none when it lies elsewhere or is not there. */
function pathIn(folder: string, path: string): string[] {
  try {
    const inside = relative(folder, pathText(realpathSync.native(path, "latin1")))
      .split("\\")
      .join("/");
    return inside === ".." || inside.startsWith("../") ? [] : [inside || "."];
  } catch {
    return [];
  }
}
