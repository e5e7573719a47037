import { z } from "zod";
import type { MemwellError } from "../../errors";
import { DEFAULT_PATIENCE, withRetries } from "../client/retry";
import { resolveCommit } from "../client/listing";
import { hubFetch } from "../client/http";
import { WatchedBlob } from "./blob";
import { checkUnchanged, unreadable, type LocalFile } from "./files";
import { BRANCH } from "./repo";
import type { Upload } from "./upload";

type FetchCall = [input: Parameters<typeof fetch>[0], init: RequestInit];
/** What the Hub answers when the branch is no longer where a commit says. */
const CONFLICTS = [409, 412];
const commitHeader = z.looseObject({ key: z.literal("header"), value: z.looseObject({}) });
const hinted = z.object({ progressHint: z.object({ path: z.string() }) });

/**
 * The requests of one upload: each part of a large file is sent again when that may go well a moment later, the commit
 * when it came too late.
 */
export function uploadFetch(asked: Upload): typeof fetch {
  const { settings, listing, files } = asked;
  const send = hubFetch(settings, { repo: listing.repo, revision: BRANCH });
  return (input, init = {}) => {
    const hint = hinted.safeParse(init).data?.progressHint;
    const file = files.find(({ name }) => name === hint?.path);
    if (init.method === "PUT" && init.body instanceof Blob && file !== undefined) {
      return putPart(asked, file, init.body, input, init);
    }
    const isCommit = init.method === "POST" && new URL(String(input)).pathname.endsWith(`/commit/${BRANCH}`);
    return isCommit ? sendCommit(asked, input, init) : send(input, init);
  };
}

/** Counts the bytes as they leave. */
function putPart(asked: Upload, file: LocalFile, body: Blob, ...[input, init]: FetchCall): Promise<Response> {
  const { settings, listing, progress, tell, patience = DEFAULT_PATIENCE } = asked;
  const send = hubFetch(settings, { repo: listing.repo, revision: BRANCH }, { stallMs: patience.stallMs });
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
      await checkUnchanged(file);
      return new Response(null, { status: answer.status, headers: answer.headers });
    } catch (thrown) {
      progress.add("uploading", file.name, -sent);
      // The cause of whatever else went wrong: a file that shrinks cuts its own request.
      await checkUnchanged(file);
      throw watched.readError === undefined ? thrown : unreadable(file.path, watched.readError);
    }
  };
  const onRetry = (error: MemwellError, waitMs: number) =>
    tell({ type: "retrying", name: file.name, error: error.toRecord(), wait_ms: waitMs });
  return withRetries(put, { patience, signal: init.signal ?? undefined, onRetry });
}

/** On top of what somebody else has committed meanwhile, when that is so: the bytes are all there by then. */
async function sendCommit({ settings, listing, files, signal }: Upload, ...[input, init]: FetchCall) {
  await Promise.all(files.map(checkUnchanged));
  const about = { repo: listing.repo, revision: BRANCH };
  const answer = await hubFetch(settings, about, { expected: CONFLICTS })(input, init);
  if (answer.ok) return answer;
  await answer.body?.cancel();
  const parent = await resolveCommit(settings, listing.repo, BRANCH, { signal });
  return hubFetch(settings, about)(input, { ...init, body: onTopOf(parent, init.body) });
}

/** The first of a commit's lines is its header. Source: @huggingface/hub, `lib/commit.ts`. */
function onTopOf(parentCommit: string, body: unknown): string {
  const [first = "", ...others] = z.string().parse(body).split("\n");
  const header = commitHeader.parse(JSON.parse(first));
  return [JSON.stringify({ ...header, value: { ...header.value, parentCommit } }), ...others].join("\n");
}
