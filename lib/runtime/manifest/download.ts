import { join } from "node:path";
import type { ManifestEntry } from "../../audit";
import type { Config } from "../../config";
import { MemwellError } from "../../errors";
import { download, hashFile, listRepo, missingBytes, type RepoListing } from "../../hub";
import { fetchEventOf, type FetchEvent } from "../fetch-events";
import type { MakeRoom } from "../model-source";

export interface DownloadGiven {
  signal: AbortSignal | undefined;
  onEvent: (event: FetchEvent) => void;
  makeRoom: MakeRoom;
}

/** Entries that one listing of the Hub answers for. */
export function byRevision(entries: readonly ManifestEntry[]): ManifestEntry[][] {
  const groups = new Map<string, ManifestEntry[]>();
  for (const entry of entries) {
    const key = `${entry.repo_type} ${entry.repo} ${entry.revision}`;
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  return [...groups.values()];
}

/** What the Hub has at that commit. @throws MemwellError as `listRepo` */
export async function listFor(
  config: Config,
  { repo_type, repo, revision }: ManifestEntry,
  { signal, onEvent }: DownloadGiven,
): Promise<RepoListing> {
  onEvent({ type: "resolving" });
  return listRepo(config.hub, { repo_type, repo_id: repo }, revision, { signal });
}

/**
 * Downloads one file of a listing into the cache, and checks it. Returns its path there.
 *
 * @throws MemwellError `file_not_found`, `download_corrupt` when the Hub or the cache has other bytes, what ends a download
 */
export async function downloadEntry(
  config: Config,
  listing: RepoListing,
  entry: ManifestEntry,
  { signal, onEvent, makeRoom }: DownloadGiven,
): Promise<string> {
  const file = listing.files.find(({ path }) => path === entry.file);
  // Said before a single byte is downloaded, where the Hub says the hash.
  if (file !== undefined && (file.size !== entry.size || (file.lfs && file.etag !== entry.sha256)))
    throw otherBytes(entry, `the Hub has ${file.lfs ? file.etag : "something else"}, of ${file.size} bytes`);
  const missing = file === undefined ? 0 : await missingBytes(config.hub, listing, [file]);
  if (missing > 0) await makeRoom(missing, `${entry.repo_type}/${entry.repo}`, signal);
  for await (const event of download(config.hub, { listing, paths: [entry.file] }, { signal })) {
    if (event.type === "failed") throw MemwellError.fromRecord(event.error);
    if (event.type === "done") return checked(entry, join(event.snapshot_path, ...entry.file.split("/")), signal);
    const heard = fetchEventOf(event);
    if (heard !== null) onEvent(heard);
  }
  throw new MemwellError("internal", "A download ended without saying how (a bug in Memwell: please report it).");
}

async function checked(entry: ManifestEntry, path: string, signal: AbortSignal | undefined): Promise<string> {
  const sha256 = await hashFile(path, "sha256", { signal });
  if (sha256 === entry.sha256) return path;
  throw otherBytes(entry, `${path} has ${sha256}`);
}

function otherBytes({ path, repo, file, sha256, size }: ManifestEntry, what: string): MemwellError {
  return new MemwellError(
    "download_corrupt",
    `${file} of ${repo} is not what the manifest says (sha256 ${sha256}, ${size} bytes): ${what}. ` +
      `Nothing was put at ${path}. Correct the manifest, or check the cache with \`memwell cache verify ${repo}\`.`,
    { repo_id: repo, file, sha256 },
  );
}
