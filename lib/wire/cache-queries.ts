import { valueRefusal } from "./refusals";

const TYPES = ["model", "dataset", "space"] as const;
const LONGEST_NAME = 500;

/** Which revision's files are asked for, as huggingface_hub names them. */
export interface CacheFilesQuery {
  repo_type: (typeof TYPES)[number];
  repo_id: string;
  commit_hash: string;
}

/**
 * Reads `?repo=model/ORG/NAME&revision=COMMIT`, the whole hash.
 *
 * @throws MemwellError `invalid_request`, naming the parameter
 */
export function parseCacheFilesQuery(parameters: URLSearchParams): CacheFilesQuery {
  const repo = parameters.get("repo") ?? undefined;
  const slash = repo?.indexOf("/") ?? -1;
  const type = TYPES.find((known) => known === repo?.slice(0, Math.max(0, slash)));
  const id = repo?.slice(slash + 1) ?? "";
  if (type === undefined || id === "" || id.length > LONGEST_NAME)
    throw valueRefusal(["repo"], repo, "model/ORG/NAME, dataset/ORG/NAME or space/ORG/NAME");
  const revision = parameters.get("revision") ?? "";
  if (revision === "" || revision.length > LONGEST_NAME)
    throw valueRefusal(["revision"], parameters.get("revision") ?? undefined, "the whole commit hash of a revision");
  return { repo_type: type, repo_id: id, commit_hash: revision };
}

/**
 * Reads `?known=ID`: the `id` of the listing that the caller has; null when it has none.
 *
 * @throws MemwellError `invalid_request`
 */
export function parseKnownListing(parameters: URLSearchParams): string | null {
  const known = parameters.get("known") || null;
  if (known !== null && !/^[0-9a-f]{32}$/.test(known)) throw valueRefusal(["known"], known, "the id of a listing");
  return known;
}
