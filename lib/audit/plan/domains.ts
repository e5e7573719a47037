import type { AuditReport } from "../contract";
import type { Draft, Needed } from "./draft";
import type { StorageRules } from "./rules";

/** The adapters of the configured domains, by their paths: those that the settings name, and by rule those named like one. */
export function domainAdapters(
  { models }: AuditReport,
  { keep }: StorageRules,
  { domains = [] }: Needed,
): Map<string, string> {
  const adapters = new Map(domains.flatMap(({ name, path }) => (path === null ? [] : [[path, name] as const])));
  if (!keep.domain_adapters) return adapters;
  for (const { kind, name, path } of models) {
    const words = (name ?? "").toLowerCase().split(/[^a-z0-9-]+/);
    const domain = kind === "adapter" ? domains.find((one) => words.includes(one.name)) : undefined;
    if (domain !== undefined && !adapters.has(path)) adapters.set(path, domain.name);
  }
  return adapters;
}

/** Says of each of them that it stays. */
export function keepDomainAdapters(draft: Draft): void {
  for (const model of draft.report.models) {
    const domain = draft.domainOf.get(model.path);
    if (domain !== undefined) draft.keep(model, `the adapter of the domain ${domain}`);
  }
}
