import { basename } from "node:path";
import { MemwellError } from "../../errors";

/** A folder that the settings allow to audit. */
export interface Auditable {
  /** What it is asked for by: the last part of its path, and a number where two would be called the same. */
  name: string;
  path: string;
}

/** @param paths absolute */
export function auditableFolders(paths: readonly string[]): Auditable[] {
  const taken = new Set<string>();
  return paths.map((path) => {
    const plain = basename(path) || "root";
    let name = plain;
    for (let number = 2; taken.has(name); number++) name = `${plain}-${number}`;
    taken.add(name);
    return { name, path };
  });
}

/** @throws MemwellError `not_found`, without a word about what is on the disk */
export function findAuditable(folders: readonly Auditable[], name: string): Auditable {
  const found = folders.find((folder) => folder.name === name);
  if (found !== undefined) return found;
  const known = folders.map((folder) => folder.name);
  const allowed = known.length === 0 ? "None is named yet" : `It names ${known.join(", ")}`;
  throw new MemwellError(
    "not_found",
    `Only folders that MEMWELL_AUDIT_DIRS names can be audited here. ${allowed}; the server's owner can add others.`,
    { folder: name.slice(0, 500), known },
  );
}
