import { request } from "undici";
import { MemwellError } from "../../errors";
import type { RepoListing } from "../client/listing";
import { headerOf, type HubAnswer } from "../client/answer";
import { hubDispatcher, hubHeaders, subjectOf } from "../client/http";
import { hubErrorOf, hubErrorOfAnswer } from "../client/errors";
import { isEtag } from "../layout";
import type { HubSettings } from "../settings";
import { DEFAULT_PATIENCE, withRetries, type Retrying } from "../client/retry";

/** One file at one commit. */
export interface FileOnHub {
  settings: HubSettings;
  listing: Pick<RepoListing, "repo" | "commit_hash">;
  path: string;
}

export interface LocatedFile {
  /** Where its bytes are: the Hub, or a storage server under an address that lasts for a while. */
  url: string;
  /** The name of its blob: sha256 of a large file, git-sha1 of another. */
  etag: string;
  size: number;
}

const MOST_REDIRECTS = 5;

/**
 * Asks the Hub what a file is and where. As in huggingface_hub's `get_hf_file_metadata`: relative redirects (a renamed
 * repository, the Hub's own cache) are followed, the one to a storage server is the answer. Throws as `listRepo`.
 */
export async function locateFile(file: FileOnHub, retrying: Retrying = {}): Promise<LocatedFile> {
  const subject = subjectOf(file.settings, {
    repo: file.listing.repo,
    revision: file.listing.commit_hash,
    path: file.path,
  });
  return withRetries(async () => {
    try {
      const answer = await askForHead(file, retrying);
      if (answer.status >= 400) throw hubErrorOfAnswer(answer, subject);
      return readHead(answer, file);
    } catch (thrown) {
      throw hubErrorOf(thrown, subject);
    }
  }, retrying);
}

/** The address of a file at a commit. Source: huggingface_hub 1.29, `hf_hub_url`. */
export function resolveUrl({ settings, listing: { repo, commit_hash }, path }: FileOnHub): string {
  const folder = repo.repo_type === "model" ? "" : `${repo.repo_type}s/`;
  const name = path.split("/").map(encodeURIComponent).join("/");
  return `${settings.endpoint}/${folder}${repo.repo_id}/resolve/${commit_hash}/${name}`;
}

async function askForHead(file: FileOnHub, { signal, patience = DEFAULT_PATIENCE }: Retrying): Promise<HubAnswer> {
  let url = resolveUrl(file);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const { statusCode, headers } = await request(url, {
      method: "HEAD",
      // Compressed, the length would be another one than the file's.
      headers: { ...hubHeaders(file.settings, url), "accept-encoding": "identity" },
      headersTimeout: patience.stallMs,
      dispatcher: hubDispatcher(),
      signal: signal ?? null,
    });
    const answer = { status: statusCode, headers, url };
    const location = headerOf(answer, "location");
    if (!isRedirect(statusCode) || location === null || !isRelative(location)) return answer;
    url = new URL(location, url).href;
  }
  throw refused(file, "it leads in a circle");
}

function readHead(answer: HubAnswer, file: FileOnHub): LocatedFile {
  const isElsewhere = isRedirect(answer.status);
  const commit = headerOf(answer, "x-repo-commit");
  if (commit !== file.listing.commit_hash) throw refused(file, `the answer is about another commit, ${String(commit)}`);
  const etag = normalEtag(headerOf(answer, "x-linked-etag") ?? headerOf(answer, "etag") ?? "");
  if (!isEtag(etag)) throw refused(file, `its ETag is no hash: ${JSON.stringify(etag.slice(0, 100))}`);
  const length = headerOf(answer, "x-linked-size") ?? (isElsewhere ? null : headerOf(answer, "content-length"));
  if (length === null || !/^\d{1,15}$/.test(length)) throw refused(file, "its size is missing");
  const url = new URL((isElsewhere ? headerOf(answer, "location") : null) ?? answer.url, answer.url);
  if (!/^https?:$/.test(url.protocol)) throw refused(file, `it leads to ${JSON.stringify(url.protocol)}`);
  return { url: url.href, etag, size: Number(length) };
}

/** `W/"abc"` and `"abc"` are `abc`. */
export function normalEtag(header: string): string {
  return header.replace(/^W\//, "").replace(/^"(.*)"$/, "$1");
}

export function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

function isRelative(location: string): boolean {
  return !/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(location);
}

function refused(file: FileOnHub, why: string): MemwellError {
  return new MemwellError(
    "hub_refused",
    `The Hub's answer about ${file.path} of ${file.listing.repo.repo_id} cannot be used: ${why}. ` +
      `Check HF_ENDPOINT (now ${file.settings.endpoint}), and whether a proxy stands between.`,
    { ...file.listing.repo, path: file.path, commit_hash: file.listing.commit_hash },
  );
}
