import { sha256Of, type HubHelper, type HubRemoval } from "../audit";
import { planMoveOut, readCacheView, type MovedFile } from "../hub";

/** What goes from a Hugging Face cache, by the rules that its own cleaning goes by. */
export const movesOutOfCaches: HubHelper["removal"] = async ({ cacheDir, blobs, whole }) => {
  const found = planMoveOut(await readCacheView(cacheDir), blobs, whole);
  if ("reason" in found) return found;
  const { paths, files, busy } = found;
  return { paths, files: await Promise.all(files.map(inManifest)), lock: () => unlessBusy(busy) };
};

async function inManifest({ blob, sha256, ...file }: MovedFile): Promise<HubRemoval["files"][number]> {
  const { path, repo, revision, size, repo_type } = file;
  const known = sha256 ?? (await sha256Of(Buffer.from(blob, "utf8").toString("latin1")));
  const type = repo_type === "dataset" ? "dataset" : "model";
  return { path, repo_type: type, repo, file: file.file, revision, sha256: known, size };
}

/** Nothing is removed: what a download begins to write in this moment lies in the trash with the rest. */
function unlessBusy(busy: () => string | null): ReturnType<HubRemoval["lock"]> {
  const reason = busy();
  return reason === null ? { release: () => undefined } : { reason };
}
