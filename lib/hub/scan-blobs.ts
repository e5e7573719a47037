import type { Dirent } from "node:fs";
import { join, sep } from "node:path";
import type { CachedBlob, SizedFile } from "./contract";
import type { Findings } from "./findings";
import { isInside, listFolder, realPath, sizeOf, statOrNull } from "./folder";
import { isEtag, isIncomplete, isOsFile } from "./layout";

/** The real files of one repository: each is looked at once, however many revisions show it. */
export class RepoBlobs {
  /** Those that a revision uses. */
  readonly used = new Map<string, CachedBlob>();
  readonly #folder: string;
  readonly #entries: Map<string, Dirent>;
  readonly #sharedPayloads: ReadonlyMap<string, number>;
  readonly #findings: Findings;

  constructor(folder: string, sharedPayloads: ReadonlyMap<string, number>, findings: Findings) {
    this.#folder = folder;
    this.#sharedPayloads = sharedPayloads;
    this.#findings = findings;
    this.#entries = new Map((listFolder(folder, findings) ?? []).map((entry) => [entry.name, entry]));
    findings.leadsOutside(folder, "this folder of blobs");
  }

  /** True for `blobs/<etag>` of this repository, by its text alone. */
  holds(path: string): boolean {
    return path.startsWith(this.#folder + sep) && !path.includes(sep, this.#folder.length + 1);
  }

  /**
   * The blob at `path`, now used; `"missing"` when nothing is there, `"folder"` when it is no file. A blob outside the
   * cache is counted, as huggingface_hub does, and noted at `link`, which led there.
   */
  use(path: string, link = path): CachedBlob | "missing" | "folder" {
    const known = this.used.get(path);
    if (known !== undefined) return known;
    const stats = statOrNull(path);
    if (stats === null) return "missing";
    const leads = this.#leadsTo(path);
    if (!isInside(this.#findings.root, leads)) {
      const counted = stats.isDirectory() ? "and is not counted" : "and is counted";
      this.#findings.note(link, `this leads out of the cache, to ${leads}, ${counted}`);
    }
    if (stats.isDirectory()) return "folder";
    const blob: CachedBlob = {
      path,
      size_on_disk: stats.size,
      last_accessed: stats.atimeMs / 1000,
      last_modified: stats.mtimeMs / 1000,
      shared_path: leads !== path && this.#sharedPayloads.has(leads) ? leads : null,
    };
    this.used.set(path, blob);
    return blob;
  }

  /** Call it once the revisions have been read. */
  unused(): SizedFile[] {
    const unused: SizedFile[] = [];
    for (const entry of this.#entries.values()) {
      const path = join(this.#folder, entry.name);
      if (this.used.has(path) || isOsFile(entry.name) || (isIncomplete(entry.name) && entry.isFile())) continue;
      if (isEtag(entry.name) && entry.isFile()) unused.push({ path, size_on_disk: sizeOf(path) });
      else if (isEtag(entry.name) && entry.isSymbolicLink()) unused.push({ path, size_on_disk: 0 });
      else this.#findings.note(path, "this is no blob: nothing in the cache is named so");
    }
    return unused;
  }

  incomplete(): SizedFile[] {
    return incompleteOf(this.#folder, [...this.#entries.values()]);
  }

  /** Only an entry that is itself a link can lead elsewhere: asking for every blob would double the calls. */
  #leadsTo(path: string): string {
    const entry = this.holds(path) ? this.#entries.get(path.slice(this.#folder.length + 1)) : undefined;
    return entry?.isSymbolicLink() ? (realPath(path) ?? path) : path;
  }
}

/** The downloads that have not ended in a folder of blobs. */
export function incompleteOf(folder: string, entries: readonly Dirent[]): SizedFile[] {
  return entries
    .filter((entry) => entry.isFile() && isIncomplete(entry.name))
    .map((entry) => join(folder, entry.name))
    .map((path) => ({ path, size_on_disk: sizeOf(path) }));
}
