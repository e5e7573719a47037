import type { Dirent } from "node:fs";
import { join, sep } from "node:path";
import type { CachedBlob, SizedFile } from "./contract";
import type { Findings } from "./findings";
import { isInside, listFolder, realPath, sizeOf, statOrNull } from "../folder";
import { isEtag, isIncomplete, isOsFile } from "../layout";
import type { SharedPayloads } from "./shared-store";

export type FoundBlob = CachedBlob | "missing" | "folder";

/** The real files of one repository: each is looked at once, however many revisions show it. */
export class RepoBlobs {
  /** Those that a revision uses: in `blobs` by name, elsewhere by path. */
  readonly #own = new Map<string, CachedBlob>();
  readonly #elsewhere = new Map<string, CachedBlob>();
  readonly #prefix: string;
  /** The same where the repository or its `blobs` is a link. */
  readonly #realPrefix: string;
  readonly #entries: readonly Dirent[];
  /** Only these can lead elsewhere: asking for every blob would double the calls. */
  readonly #links: ReadonlySet<string>;

  constructor(
    readonly folder: string,
    private readonly sharedPayloads: SharedPayloads,
    private readonly findings: Findings,
  ) {
    this.#prefix = folder + sep;
    this.#entries = listFolder(folder, findings) ?? [];
    this.#links = new Set(this.#entries.filter((entry) => entry.isSymbolicLink()).map(({ name }) => name));
    this.#realPrefix = findings.follow(folder, "this folder of blobs") + sep;
  }

  /** Whether this path, in which links are followed but for the last, is the folder of these blobs. */
  isAt(path: string): boolean {
    return path + sep === this.#prefix || path + sep === this.#realPrefix;
  }

  /** `<etag>` for `blobs/<etag>` of this repository, by the path's text alone; else null. */
  nameOf(path: string): string | null {
    const prefix = path.startsWith(this.#prefix) ? this.#prefix : this.#realPrefix;
    if (!path.startsWith(prefix) || path.includes(sep, prefix.length)) return null;
    return path.slice(prefix.length);
  }

  /** The blob `blobs/<name>`, now used; `"missing"` when nothing is there, `"folder"` when it is no file. */
  useOwn(name: string): FoundBlob {
    const known = this.#own.get(name);
    if (known !== undefined) return known;
    const path = this.#prefix + name;
    const found = this.#links.has(name) ? this.#throughLink(path, path) : this.#look(path, null);
    if (typeof found === "object") this.#own.set(name, found);
    return found;
  }

  /** The snapshot's own file at this real path, where links are impossible. */
  useFile(path: string): FoundBlob {
    const found = this.#elsewhere.get(path) ?? this.#look(path, null);
    if (typeof found === "object") this.#elsewhere.set(path, found);
    return found;
  }

  /** What the link at `link` leads to, when that is no blob of this repository by the link's own text. */
  useElsewhere(link: string): FoundBlob {
    this.findings.witness?.doubt();
    const path = realPath(link);
    if (path === null) return "missing";
    const name = this.nameOf(path);
    if (name !== null) return this.useOwn(name);
    const known = this.#elsewhere.get(path);
    if (known !== undefined) return known;
    const found = this.#throughLink(path, link);
    if (typeof found === "object") this.#elsewhere.set(path, found);
    return found;
  }

  /** Those that revisions use: in `blobs`, and elsewhere, such as the files of a cache without links. */
  used(): { own: CachedBlob[]; elsewhere: CachedBlob[] } {
    return { own: [...this.#own.values()], elsewhere: [...this.#elsewhere.values()] };
  }

  /** Call it once the revisions have been read. */
  unused(): SizedFile[] {
    const unused: SizedFile[] = [];
    for (const entry of this.#entries) {
      const { name } = entry;
      if (this.#own.has(name) || isOsFile(name) || (isIncomplete(name) && entry.isFile())) continue;
      const path = this.#prefix + name;
      if (isEtag(name) && entry.isFile()) unused.push({ path, size_on_disk: sizeOf(path) });
      else if (isEtag(name) && entry.isSymbolicLink()) unused.push({ path, size_on_disk: 0 });
      else this.findings.note(path, "this is no blob: nothing in the cache is named so");
    }
    return unused;
  }

  incomplete(): SizedFile[] {
    return incompleteOf(this.folder, this.#entries);
  }

  /** A blob outside the cache is counted, as huggingface_hub does, and noted at `link`, which led there. */
  #throughLink(path: string, link: string): FoundBlob {
    const leads = realPath(path) ?? path;
    const shared = leads !== path && this.sharedPayloads.has(leads) ? leads : null;
    if (shared === null) this.findings.witness?.doubt();
    const found = this.#look(path, shared);
    if (found !== "missing" && !isInside(this.findings.root, leads)) {
      const counted = found === "folder" ? "and is not counted" : "and is counted";
      this.findings.note(link, `this leads out of the cache, to ${leads}, ${counted}`);
    }
    return found;
  }

  #look(path: string, shared: string | null): FoundBlob {
    const stats = statOrNull(path);
    if (stats === null) return "missing";
    if (stats.isDirectory()) return "folder";
    return {
      path,
      size_on_disk: stats.size,
      last_accessed: stats.atimeMs / 1000,
      last_modified: stats.mtimeMs / 1000,
      shared_path: shared,
    };
  }
}

/** The downloads that have not ended in a folder of blobs. */
export function incompleteOf(folder: string, entries: readonly Dirent[]): SizedFile[] {
  return entries
    .filter((entry) => isIncomplete(entry.name) && entry.isFile())
    .map((entry) => join(folder, entry.name))
    .map((path) => ({ path, size_on_disk: sizeOf(path) }));
}
