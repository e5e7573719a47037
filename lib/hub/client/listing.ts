import { listFiles } from "@huggingface/hub";
import { z } from "zod";
import { MemwellError } from "../../errors";
import { hubFetch, subjectOf, type HubCall } from "./http";
import { hubErrorOf, refuseOffline } from "./errors";
import { repoFolder, type RepoName } from "../layout";
import type { HubSettings } from "../settings";

/*
 * What is asked of the Hub about a repository. File names are as the Hub gives them: any text at all. Whoever makes a path
 * of one checks it first (`download/names.ts`).
 */

export interface RepoFile {
  /** With `/` between folders. */
  path: string;
  /** In bytes. */
  size: number;
  /** The sha256 of a large file, the git-sha1 of another. */
  etag: string;
  /** Large, so kept by its sha256. */
  lfs: boolean;
}

export interface RepoListing {
  repo: RepoName;
  /** As asked: a branch, a tag, `refs/pr/1` or a commit. */
  revision: string;
  commit_hash: string;
  files: RepoFile[];
}

/** More files than any repository of models has; a server that never ends its list is stopped there. */
const MOST_FILES = 500_000;

/** As long as a path may be on Linux; a longer one could be written nowhere. */
const LONGEST_PATH = 4096;

const sha1 = z.string().regex(/^[0-9a-f]{40}$/);
const size = z.number().int().nonnegative();
const commitSchema = z.object({ sha: sha1 });
const entrySchema = z.object({
  type: z.string(),
  path: z.string(),
  size,
  oid: z.string().optional(),
  lfs: z.object({ oid: z.string().regex(/^[0-9a-f]{64}$/), size }).optional(),
});

/**
 * All files of a revision, at the commit it stands at now.
 *
 * @throws MemwellError `hub_offline`, `repo_not_found`, `revision_not_found`, `repo_gated`, `hub_unauthorized`,
 * `hub_rate_limited`, `hub_unavailable`, `hub_refused`, `invalid_request` (a name no repository has), `aborted`.
 */
export async function listRepo(
  settings: HubSettings,
  repo: RepoName,
  revision: string,
  call: HubCall = {},
): Promise<RepoListing> {
  repoFolder(repo);
  refuseOffline(settings, { endpoint: settings.endpoint, repo, revision });
  const commit = await resolveCommit(settings, repo, revision, call);
  return { repo, revision, commit_hash: commit, files: await filesOf(settings, repo, commit, call) };
}

/** The commit a revision stands at. Throws as `listRepo`. */
export async function resolveCommit(
  settings: HubSettings,
  repo: RepoName,
  revision: string,
  call: HubCall = {},
): Promise<string> {
  if (sha1.safeParse(revision).success) return revision;
  const url = `${settings.endpoint}/api/${repo.repo_type}s/${repo.repo_id}/revision/${encodeURIComponent(revision)}`;
  return readAnswer(settings, repo, revision, async () => {
    const answer = await hubFetch(settings, { repo, revision }, call)(url);
    return commitSchema.parse(await answer.json()).sha;
  });
}

async function filesOf(settings: HubSettings, repo: RepoName, commit: string, call: HubCall): Promise<RepoFile[]> {
  return readAnswer(settings, repo, commit, async () => {
    const files: RepoFile[] = [];
    const entries = listFiles({
      repo: { type: repo.repo_type, name: repo.repo_id },
      revision: commit,
      recursive: true,
      hubUrl: settings.endpoint,
      fetch: hubFetch(settings, { repo, revision: commit }, call),
    });
    for await (const given of entries) {
      const entry = entrySchema.parse(given);
      if (entry.type !== "file") continue;
      if (entry.path.length > LONGEST_PATH) throw pathTooLong(repo, entry.path);
      if (files.length >= MOST_FILES) throw tooManyFiles(repo);
      files.push(fileOf(entry));
    }
    return files;
  });
}

function fileOf({ path, size, oid, lfs }: z.infer<typeof entrySchema>): RepoFile {
  return lfs === undefined
    ? { path, size, etag: sha1.parse(oid), lfs: false }
    : { path, size: lfs.size, etag: lfs.oid, lfs: true };
}

/** An answer of another form than the Hub's is the server's fault, not ours. */
async function readAnswer<Result>(
  settings: HubSettings,
  repo: RepoName,
  revision: string,
  read: () => Promise<Result>,
): Promise<Result> {
  try {
    return await read();
  } catch (thrown) {
    throw hubErrorOf(thrown, subjectOf(settings, { repo, revision }));
  }
}

function tooManyFiles(repo: RepoName): MemwellError {
  return new MemwellError(
    "hub_refused",
    `${repo.repo_id} lists more than ${MOST_FILES} files. Name the file that is needed.`,
    { ...repo, most_files: MOST_FILES },
  );
}

function pathTooLong(repo: RepoName, path: string): MemwellError {
  const start = JSON.stringify(path.slice(0, 100));
  return new MemwellError(
    "hub_refused",
    `${repo.repo_id} lists a file with a path of ${path.length} characters, which begins with ${start}. ` +
      `No disk can hold it: ask the owner to rename it.`,
    { ...repo, most_characters: LONGEST_PATH },
  );
}
