import { pathToFileURL } from "node:url";
import { commitIter, type CommitOutput, type CommitProgressEvent } from "@huggingface/hub";
import { z } from "zod";
import { MemwellError } from "../../errors";
import { withRetries, type Patience } from "../download/retry";
import { hubFetch, subjectOf } from "../hub-client-http";
import { hubErrorOf } from "../hub-errors";
import type { RepoName } from "../layout";
import type { PublishEvent } from "./contract";
import { unreadable, type LocalFile } from "./files";
import type { PublishProgress } from "./progress";
import { WatchedBlob } from "./blob";
import type { HubSettings } from "../settings";

export interface Upload {
  settings: HubSettings;
  repo: RepoName;
  files: readonly LocalFile[];
  title: string;
  progress: PublishProgress;
  tell: (event: PublishEvent) => void;
  signal: AbortSignal;
  patience: Patience | undefined;
}

const BRANCH = "main";
const written = z.object({ commit: z.object({ oid: z.string().regex(/^[0-9a-f]{40}$/) }) });

/**
 * Uploads the files in one commit and returns its hash. Bytes go from disk to socket, by LFS rather than Xet: that of
 * @huggingface/hub cannot be cancelled and sends the token to another server.
 *
 * @throws MemwellError as `listRepo`; `model_file_missing` for a file that cannot be read any more.
 */
export async function upload(asked: Upload): Promise<string> {
  const { settings, repo } = asked;
  try {
    const output = await commitFiles(asked);
    return written.parse(output).commit.oid;
  } catch (thrown) {
    throw hubErrorOf(thrown, subjectOf(settings, { repo, revision: BRANCH }));
  }
}

/**
 * What fails first ends it. `commitIter` alone might not: an error that comes while an event of it is unread is lost, and
 * it waits for ever.
 */
function commitFiles(asked: Upload): Promise<CommitOutput | undefined> {
  return new Promise((resolve, reject) => {
    const { settings, repo, files, title, signal } = asked;
    const cancel = () => reject(new MemwellError("aborted", "The upload was cancelled."));
    if (signal.aborted) return cancel();
    signal.addEventListener("abort", cancel, { once: true });
    const send = uploadFetch(asked);
    const commit = commitIter({
      repo: { type: repo.repo_type, name: repo.repo_id },
      branch: BRANCH,
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

const hinted = z.object({ progressHint: z.object({ path: z.string() }) });

/** Counts the bytes of large files as they leave, and sends again what may go well a moment later. */
function uploadFetch({ settings, repo, files, progress, tell, patience }: Upload): typeof fetch {
  const send = hubFetch(settings, { repo, revision: BRANCH });
  return (input, init = {}) => {
    const hint = hinted.safeParse(init).data?.progressHint;
    const file = files.find(({ name }) => name === hint?.path);
    const { body } = init;
    if (init.method !== "PUT" || !(body instanceof Blob) || file === undefined) return send(input, init);
    const onRetry = (error: MemwellError, waitMs: number) =>
      tell({ type: "retrying", name: file.name, error: error.toRecord(), wait_ms: waitMs });
    const put = async (): Promise<Response> => {
      let sent = 0;
      const watched = new WatchedBlob(body, (bytes) => {
        sent += bytes;
        progress.add("uploading", file.name, bytes);
      });
      try {
        const answer = await send(input, { ...init, body: watched });
        // Read here, so that the connection is free for the next part.
        await answer.arrayBuffer();
        return new Response(null, { status: answer.status, headers: answer.headers });
      } catch (thrown) {
        progress.add("uploading", file.name, -sent);
        throw watched.readError === undefined ? thrown : unreadable(file.path, watched.readError);
      }
    };
    return withRetries(put, { patience, signal: init.signal ?? undefined, onRetry });
  };
}
