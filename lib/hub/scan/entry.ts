import type { Dirent } from "node:fs";
import { join } from "node:path";
import type { ScanWarning, SizedFile } from "./contract";
import { Findings } from "./findings";
import { listFolder, sizeOf, statOrNull } from "../folder";
import { parseRepoFolder, repoPaths, type RepoName } from "../layout";
import { incompleteOf } from "./blobs";
import { scanRepo, type ScannedRepo } from "./repo";
import type { Recall } from "./memory";
import type { Witness } from "./witness";
import type { SharedPayloads } from "./shared-store";

/** What one entry of the cache folder adds to a scan. */
export interface EntryReading {
  /** Null when the entry is no repository, or has gone. */
  repo: ScannedRepo | null;
  incomplete: SizedFile[];
  warnings: ScanWarning[];
}

/** What can be remembered of a repository. */
export interface RepoReading {
  found: ScannedRepo | null;
  warnings: ScanWarning[];
}

/** What entries are read with. */
export interface ReadingContext {
  /** The real path of the cache. */
  root: string;
  payloads: SharedPayloads;
  repos: Recall<RepoReading>;
}

/** One entry of the cache folder: a repository, or something that is none, which becomes a warning. */
export function readEntry(entry: Dirent, context: ReadingContext): EntryReading {
  const path = join(context.root, entry.name);
  const name = parseRepoFolder(entry.name);
  const isFolder = entry.isDirectory() || (statOrNull(path)?.isDirectory() ?? null);
  if (isFolder === null) return warning(path, "this was removed during the scan, or is a link that is broken");
  if (!isFolder) return warning(path, "this is a file, where the cache has only folders of repositories");
  if (name === null) return readStrangeFolder(path, new Findings(context.root));
  const reading = context.repos.recall(
    path,
    (witness) => readRepo(path, name, context, witness),
    ({ found }) => found !== null && usesStill(found, context.payloads),
  );
  return entryOf(path, reading);
}

/** The repository at `path`, from the disk. */
export function readRepo(
  path: string,
  name: RepoName,
  { root, payloads }: Pick<ReadingContext, "root" | "payloads">,
  witness: Witness | null,
): RepoReading {
  const findings = new Findings(root, witness);
  return { found: scanRepo(path, name, payloads, findings), warnings: findings.warnings };
}

/** What the reading of a repository, fresh or remembered, adds to a scan. */
export function entryOf(path: string, { found, warnings }: RepoReading): EntryReading {
  if (found === null) return warning(path, "this repository was removed during the scan");
  // A download grows without its folder showing it.
  const incomplete = found.incomplete.map((file) => ({ path: file.path, size_on_disk: sizeOf(file.path) }));
  return { repo: found, incomplete, warnings };
}

/** Whether the payloads of the shared store that this repository's blobs lead to are as they were. */
function usesStill({ own }: ScannedRepo, payloads: SharedPayloads): boolean {
  return own.every(({ shared_path, size_on_disk, last_modified }) => {
    if (shared_path === null) return true;
    const payload = payloads.get(shared_path);
    return payload?.size_on_disk === size_on_disk && payload.last_modified === last_modified;
  });
}

/** huggingface_hub looks for downloads that have not ended in whatever folder stands in the cache. */
function readStrangeFolder(path: string, findings: Findings): EntryReading {
  const message = "this folder's name is none of a model, a dataset or a space";
  const { blobs } = repoPaths(path);
  findings.note(path, message);
  findings.throughLink = true;
  const isOutside = findings.leadsOutside(blobs, "this folder of blobs");
  const incomplete = isOutside ? [] : incompleteOf(blobs, listFolder(blobs, findings) ?? []);
  return { repo: null, incomplete, warnings: findings.warnings };
}

function warning(path: string, message: string): EntryReading {
  return { repo: null, incomplete: [], warnings: [{ path, message }] };
}
