import { MANIFEST_FILE, NO_ENTRIES, type Manifest, type ManifestEntry } from "./contract";
import { checkManifest, parseManifest } from "./parse";

/** An entry as it is made; what is left out is a model's, of no known license. */
export type NewEntry = Omit<ManifestEntry, "repo_type" | "license"> & Partial<ManifestEntry>;

/** With these entries, which take the place of others at the same paths. Pure. */
export function withEntries({ entries }: Manifest, added: readonly NewEntry[]): Manifest {
  const whole = added.map((entry): ManifestEntry => ({ repo_type: "model", license: null, ...entry }));
  const byPath = new Map([...entries, ...whole].map((entry) => [entry.path, entry]));
  return { version: 1, entries: [...byPath.values()].sort((left, right) => (left.path < right.path ? -1 : 1)) };
}

/** Without those of these paths. Pure. */
export function withoutPaths({ entries }: Manifest, paths: readonly string[]): Manifest {
  const removed = new Set(paths);
  return { version: 1, entries: entries.filter(({ path }) => !removed.has(path)) };
}

/**
 * The text of a manifest with these entries added. Pure.
 *
 * @param text as it is now; null when there is none
 * @param path of its file, for messages
 * @throws MemwellError `invalid_json`, `invalid_request` for what `readManifest` would refuse
 */
export function addToManifest(text: string | null, added: readonly NewEntry[], path: string = MANIFEST_FILE): string {
  const before = text === null ? NO_ENTRIES : parseManifest(text, path);
  return manifestText(withEntries(before, added), path);
}

/** What is written to its file. @throws MemwellError `invalid_request` */
export function manifestText(manifest: Manifest, path: string = MANIFEST_FILE): string {
  return `${JSON.stringify(checkManifest(manifest, path), null, 2)}\n`;
}
