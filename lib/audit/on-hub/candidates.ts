import type { AuditModel, AuditReport } from "../contract";
import type { HubCheck } from "./contract";

/** As the Hub writes names. */
const REPO = /^\w[\w.-]{0,95}\/\w[\w.-]{0,95}$/;

/** The repositories that a model names: its own, and the base that it may be a mere copy of. Pure. */
export function reposNamedBy({ repo_id, base }: AuditModel): string[] {
  const named = [repo_id, base].filter((name): name is string => name !== null && REPO.test(name));
  return [...new Set(named)].filter((name) => !name.includes("..") && !name.includes("--"));
}

/** The report with what the Hub has marked in its models. Pure. */
export function markOnHub(report: AuditReport, { models }: HubCheck): AuditReport {
  return {
    ...report,
    models: report.models.map((model) => {
      const onHub = models.get(model.path);
      return onHub === undefined ? model : { ...model, on_hub: onHub };
    }),
  };
}
