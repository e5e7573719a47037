import { resolve } from "node:path";
import { parseAuditDirs } from "./audit-dirs";
import { absoluteDomains } from "./domains";
import { HUB_PATH_SETTINGS } from "./hub-settings";

export type Environment = Record<string, string | undefined>;

/** Settings whose value is a path, or may be one: relative ones count from the folder Memwell was started in. */
const PATH_SETTINGS = [
  "MEMWELL_RESPONSE_MODEL",
  "MEMWELL_REASONING_MODEL",
  "MEMWELL_RESPONSE_ADAPTER",
  "MEMWELL_CATALOGUE",
  "MEMWELL_MANIFEST",
  "MEMWELL_BUILTIN_MODELS",
  "MEMWELL_DATA_DIR",
] as const;

/** The same environment with every path made absolute, for a process that works in another folder. */
export function absolutePaths(environment: Environment, folder: string): Environment {
  const changed: Environment = { ...environment };
  for (const name of PATH_SETTINGS) {
    const value = environment[name];
    if (value && !value.startsWith("hf:")) changed[name] = resolve(folder, value);
  }
  const domains = environment["MEMWELL_DOMAINS"];
  if (domains) changed["MEMWELL_DOMAINS"] = absoluteDomains(domains, (path) => resolve(folder, path));
  const auditDirs = parseAuditDirs(environment["MEMWELL_AUDIT_DIRS"] ?? "", folder);
  if (auditDirs !== null) changed["MEMWELL_AUDIT_DIRS"] = auditDirs.join(",");
  for (const name of HUB_PATH_SETTINGS) {
    const value = environment[name];
    // What begins with "~" or "$" is replaced later, and counts from nowhere else.
    if (value && !/^[~$]/.test(value)) changed[name] = resolve(folder, value);
  }
  changed["MEMWELL_DATA_DIR"] ||= resolve(folder, "data");
  return changed;
}
