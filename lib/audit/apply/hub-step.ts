import { fromText, joined, toText, type BytePath } from "../walk/byte-path";
import type { HubRemoval } from "./contract";
import type { JournalStep } from "./journal-lines";
import { LeftAlone } from "./reasons";
import type { Run } from "./run";

const BLOB = /^((?:.*\/)?)((?:model|dataset|space)s--[^/]+)\/blobs\/[^/]+$/;

/** What goes with blobs of a Hugging Face cache, so that what stays of it is whole. @throws LeftAlone */
export async function hubRemoval(
  { root, helpers }: Run,
  step: JournalStep,
  paths: readonly BytePath[],
): Promise<{ moves: BytePath[]; files: HubRemoval["files"]; lock: HubRemoval["lock"] }> {
  if (helpers.hub === undefined)
    throw new LeftAlone("it lies in a Hugging Face cache: `memwell cache rm` removes it so that the cache stays whole");
  const [first = ""] = paths;
  const folder = BLOB.exec(first)?.[1];
  const isOfOne = folder !== undefined && paths.every((path) => BLOB.exec(path)?.[1] === folder);
  const cacheDir = joined(root.path, (folder ?? "").replace(/\/$/, "")).replace(/\/$/, "");
  if (!isOfOne || fromText(toText(root.path)) !== root.path || paths.some((path) => fromText(toText(path)) !== path))
    throw new LeftAlone("it lies in a Hugging Face cache whose names say nothing: nothing of it goes file by file");
  const answer = await helpers.hub.removal({
    cacheDir: toText(cacheDir),
    blobs: paths.map((path) => toText(joined(root.path, path))),
    whole: step.action === "fetch-again",
  });
  if ("reason" in answer) throw new LeftAlone(answer.reason);
  const prefix = `${root.path}/`;
  const moves = answer.paths.map(fromText);
  if (moves.length === 0 || moves.some((path) => !path.startsWith(prefix)))
    throw new LeftAlone("its cache names paths that lie outside of the folder");
  const files = answer.files.map((file) => ({ ...file, path: toText(fromText(file.path).slice(prefix.length)) }));
  return { moves: moves.map((path) => path.slice(prefix.length)), files, lock: () => answer.lock() };
}
