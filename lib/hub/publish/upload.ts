import { pathToFileURL } from "node:url";
import { commitIter, type CommitOutput, type CommitProgressEvent } from "@huggingface/hub";
import { z } from "zod";
import { MemwellError } from "../../errors";
import type { Patience } from "../client/retry";
import type { RepoListing } from "../client/listing";
import { subjectOf } from "../client/http";
import { hubErrorOf } from "../client/errors";
import type { PublishEvent } from "./contract";
import type { LocalFile } from "./files";
import type { PublishProgress } from "./progress";
import { BRANCH } from "./repo";
import { uploadFetch } from "./upload-fetch";
import type { HubSettings } from "../settings";

export interface Upload {
  settings: HubSettings;
  /** Of the repository, before the upload. */
  listing: RepoListing;
  files: readonly LocalFile[];
  title: string;
  progress: PublishProgress;
  tell: (event: PublishEvent) => void;
  signal: AbortSignal;
  patience: Patience | undefined;
}

const written = z.object({ commit: z.object({ oid: z.string().regex(/^[0-9a-f]{40}$/) }) });

/**
 * Uploads the files in one commit and returns its hash. Bytes go from disk to socket, by LFS rather than Xet: that of
 * @huggingface/hub cannot be cancelled and sends the token to another server.
 *
 * @throws MemwellError as `listRepo`; `model_file_missing` for a file that cannot be read any more, `invalid_request` for
 * one that has changed meanwhile.
 */
export async function upload(asked: Upload): Promise<string> {
  const { settings, listing } = asked;
  try {
    const output = await commitFiles(asked);
    return written.parse(output).commit.oid;
  } catch (thrown) {
    throw hubErrorOf(thrown, subjectOf(settings, { repo: listing.repo, revision: BRANCH }));
  }
}

/**
 * What fails first ends it. `commitIter` alone might not: an error that comes while an event of it is unread is lost, and
 * it waits for ever.
 */
function commitFiles(asked: Upload): Promise<CommitOutput | undefined> {
  return new Promise((resolve, reject) => {
    const { settings, listing, files, title, signal } = asked;
    const { repo, commit_hash: parentCommit } = listing;
    const cancel = () => reject(new MemwellError("aborted", "The upload was cancelled."));
    if (signal.aborted) return cancel();
    signal.addEventListener("abort", cancel, { once: true });
    const send = uploadFetch(asked);
    const commit = commitIter({
      repo: { type: repo.repo_type, name: repo.repo_id },
      branch: BRANCH,
      parentCommit,
      title,
      operations: files.map(({ path, name }) => ({
        operation: "addOrUpdate",
        path: name,
        content: pathToFileURL(path),
      })),
      hubUrl: settings.endpoint,
      useXet: false,
      abortSignal: signal,
      fetch: (...call) =>
        send(...call).catch((thrown: Error) => {
          reject(thrown);
          throw thrown;
        }),
    });
    readToEnd(commit, asked).then(resolve, reject);
  });
}

async function readToEnd(
  commit: AsyncGenerator<CommitProgressEvent, CommitOutput | undefined>,
  { files, progress, signal }: Upload,
): Promise<CommitOutput | undefined> {
  const sizes = new Map(files.map(({ name, size }) => [name, size]));
  for (;;) {
    const { done, value } = await commit.next();
    if (done) return value;
    if (signal.aborted) continue;
    if (value.event === "fileProgress") {
      const bytes = Math.round(value.progress * (sizes.get(value.path) ?? 0));
      // Nothing is hashed any more once the first file is on its way.
      if (value.state === "uploading") progress.begin("uploading", files);
      if (value.state !== "error") progress.reach(value.state, value.path, bytes);
    } else if (value.phase === "committing") {
      progress.begin("uploading", files);
      progress.begin("committing", files);
    }
  }
}
