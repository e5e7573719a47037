import { basename } from "node:path";
import { MemwellError } from "../../errors";

/** What trackio puts behind a project's name for files of its own. */
const RESERVED_ENDINGS = [
  "system",
  "configs",
  "traces",
  "artifacts",
  "artifact_versions",
  "artifact_aliases",
  "run_artifact_links",
];

/**
 * The project that trackio will show a file as.
 *
 * @throws MemwellError `invalid_request` for a name that trackio does not find or does not allow
 */
export function trackioProject(path: string): string {
  const name = basename(path);
  const project = /^([A-Za-z0-9_-]+)\.db$/.exec(name)?.[1];
  const isReserved =
    project !== undefined &&
    (project.startsWith("registry-") || RESERVED_ENDINGS.some((ending) => project.endsWith(`_${ending}`)));
  if (project !== undefined && !isReserved) return project;
  throw new MemwellError(
    "invalid_request",
    `trackio shows files named PROJECT.db, of letters, digits, - and _${isReserved ? `, and keeps ${name} for itself` : ""}. Name one with --out.`,
    { parameter: "out", given: name },
  );
}
