import { MemwellError, toMemwellError } from "../../errors";
import { Channel } from "../download/channel";
import { refuseOffline } from "../client/errors";
import type { RepoListing } from "../client/listing";
import type { PublishEvent, PublishOptions, PublishRequest } from "./contract";
import { hashLike, openFiles, type LocalFile } from "./files";
import { PublishProgress } from "./progress";
import { findOrCreate, wholeName } from "./repo";
import { upload } from "./upload";
import { accessToken, type HubSettings } from "../settings";

type Done = Extract<PublishEvent, { type: "done" }>;

/**
 * Uploads files to a repository of the Hub in one commit: makes the repository when it is missing, and skips what it has
 * already. Ends with exactly one `done` or `failed`; whoever stops reading cancels it.
 *
 * Fails with `invalid_request` (a name, no file, one that changes meanwhile), `model_file_missing`, `hub_offline`,
 * `hub_unauthorized`, `repo_not_found`, `repo_gated`, `hub_rate_limited`, `hub_unavailable`, `hub_refused`, `aborted`.
 */
export async function* publish(
  settings: HubSettings,
  request: PublishRequest,
  options: PublishOptions = {},
): AsyncGenerator<PublishEvent, void> {
  const events = new Channel<PublishEvent>();
  const left = new AbortController();
  const signal = AbortSignal.any(options.signal === undefined ? [left.signal] : [left.signal, options.signal]);
  const tell = (event: PublishEvent) => events.push(event);
  const work = run(settings, request, { ...options, signal }, tell)
    .catch((thrown: unknown): PublishEvent => ({ type: "failed", error: errorOf(thrown, settings, signal).toRecord() }))
    .then(tell)
    .finally(() => events.close());
  try {
    yield* events;
  } finally {
    left.abort();
    await work;
  }
}

async function run(
  settings: HubSettings,
  request: PublishRequest,
  { signal, patience, progressIntervalMs }: PublishOptions & { signal: AbortSignal },
  tell: (event: PublishEvent) => void,
): Promise<Done> {
  const files = await openFiles(request.files);
  checkAccess(settings, request);
  const call = { signal, patience };
  const repo = await wholeName(settings, request.repo, call);
  const { url, created, listing } = await findOrCreate(settings, repo, request.private ?? true, call);
  tell({ type: "repo", repo_id: repo.repo_id, url, created });
  const progress = new PublishProgress(tell, progressIntervalMs);
  progress.begin("hashing", files);
  const skipped = await sameFiles(files, listing, progress, signal);
  for (const { name, size } of skipped) tell({ type: "skipped", name, size });
  const lacking = files.filter((file) => !skipped.includes(file));
  const title = request.message ?? titleOf(lacking);
  const commit =
    lacking.length === 0
      ? listing.commit_hash
      : await upload({ settings, listing, files: lacking, title, progress, tell, signal, patience });
  progress.end();
  return { type: "done", commit_hash: commit, url, uploaded: namesOf(lacking), skipped: namesOf(skipped) };
}

function checkAccess(settings: HubSettings, { repo }: PublishRequest): void {
  refuseOffline(settings, { endpoint: settings.endpoint, repo });
  if (accessToken(settings) !== null) return;
  throw new MemwellError("hub_unauthorized", `Publishing to ${repo.repo_id} needs a token. ${LOGIN}`, { ...repo });
}

const LOGIN = "Run `hf auth login`, or set HF_TOKEN, with a token that has write access.";

/** Those that the repository has byte for byte. Only files of the same size are read for it. */
async function sameFiles(
  files: readonly LocalFile[],
  listing: RepoListing,
  progress: PublishProgress,
  signal: AbortSignal,
): Promise<LocalFile[]> {
  const theirs = new Map(listing.files.map((file) => [file.path, file]));
  const same: LocalFile[] = [];
  for (const file of files) {
    const their = theirs.get(file.name);
    if (their?.size !== file.size) continue;
    const reach = (bytes: number) => progress.reach("hashing", file.name, bytes);
    if ((await hashLike(their.etag, file, reach, signal)) === their.etag) same.push(file);
  }
  return same;
}

function titleOf(files: readonly LocalFile[]): string {
  const [first] = files;
  return files.length === 1 && first !== undefined ? `Upload ${first.name}` : `Upload ${files.length} files`;
}

function namesOf(files: readonly LocalFile[]): string[] {
  return files.map(({ name }) => name);
}

/** A cancelled upload fails in many ways; and who may read need not be allowed to write. */
function errorOf(thrown: unknown, settings: HubSettings, signal: AbortSignal): MemwellError {
  if (signal.aborted) return new MemwellError("aborted", "The upload was cancelled.", {}, { cause: thrown });
  const error = toMemwellError(thrown);
  const isAnswer = error.fields["status"] !== undefined;
  if (error.code !== "hub_unauthorized" || !isAnswer) return error;
  const said = error.fields["hub_message"];
  const reason = typeof said === "string" ? ` (${said})` : "";
  const message = `${settings.endpoint} does not let this token write there${reason}. ${LOGIN}`;
  return new MemwellError(error.code, message, error.fields, { cause: error });
}
