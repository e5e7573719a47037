import { createRepo, HubApiError, whoAmI } from "@huggingface/hub";
import { z } from "zod";
import { MemwellError } from "../../errors";
import { listRepo, type RepoListing } from "../client/listing";
import { hubFetch, subjectOf, type HubCall } from "../client/http";
import { hubErrorOf } from "../client/errors";
import { repoFolder, type RepoName } from "../layout";
import type { HubSettings } from "../settings";

/** The repository to publish to, and what it has. */
export interface PublishTarget {
  repo: RepoName;
  url: string;
  created: boolean;
  listing: RepoListing;
}

/** The one that is published to. */
export const BRANCH = "main";
const EXISTS = 409;
/** `hubFetch` sends the real one. */
const NO_TOKEN = "";

/** The repository by its whole name: one without an organisation is the user's own. Throws as `listRepo`. */
export async function wholeName(settings: HubSettings, repo: RepoName, call: HubCall): Promise<RepoName> {
  repoFolder(repo);
  if (repo.repo_id.includes("/")) return repo;
  try {
    const account = await whoAmI({
      accessToken: NO_TOKEN,
      hubUrl: settings.endpoint,
      fetch: hubFetch(settings, {}, call),
    });
    const named = { ...repo, repo_id: `${z.string().parse(account.name)}/${repo.repo_id}` };
    repoFolder(named);
    return named;
  } catch (thrown) {
    throw hubErrorOf(thrown, subjectOf(settings, {}));
  }
}

/**
 * The repository, made when it is missing. It is looked for first: whoever may write to one need not be allowed to make
 * one. Throws as `listRepo`.
 */
export async function findOrCreate(
  settings: HubSettings,
  repo: RepoName,
  isPrivate: boolean,
  call: HubCall,
): Promise<PublishTarget> {
  const url = pageOf(settings, repo);
  const found = await listIfThere(settings, repo, call);
  if (found !== null) return { repo, url, created: false, listing: found };
  const created = await create(settings, repo, isPrivate, call);
  return { repo, url, created, listing: await listRepo(settings, repo, BRANCH, call) };
}

async function listIfThere(settings: HubSettings, repo: RepoName, call: HubCall): Promise<RepoListing | null> {
  try {
    return await listRepo(settings, repo, BRANCH, call);
  } catch (thrown) {
    if (thrown instanceof MemwellError && thrown.code === "repo_not_found") return null;
    throw thrown;
  }
}

/** False when somebody else has made it meanwhile. */
async function create(settings: HubSettings, repo: RepoName, isPrivate: boolean, call: HubCall): Promise<boolean> {
  try {
    await createRepo({
      repo: { type: repo.repo_type, name: repo.repo_id },
      visibility: isPrivate ? "private" : "public",
      accessToken: NO_TOKEN,
      hubUrl: settings.endpoint,
      fetch: hubFetch(settings, {}, { ...call, expected: [EXISTS] }),
    });
    return true;
  } catch (thrown) {
    if (thrown instanceof HubApiError && thrown.statusCode === EXISTS) return false;
    throw hubErrorOf(thrown, subjectOf(settings, {}));
  }
}

function pageOf({ endpoint }: HubSettings, repo: RepoName): string {
  return `${endpoint}/${repo.repo_type === "model" ? "" : `${repo.repo_type}s/`}${repo.repo_id}`;
}
