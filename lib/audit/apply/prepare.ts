import { joined, toText, type BytePath } from "../walk/byte-path";
import { cacheRepoPath, nameInCache, snapshotFile } from "./cache-name";
import type { ManifestFile, Sizes } from "./contract";
import { statOf } from "./disk";
import { hubRemoval } from "./hub-step";
import type { JournalStep } from "./journal-lines";
import { linkBytes, linkTarget } from "./links";
import { LeftAlone } from "./reasons";
import { insidePath, objectionTo, parentOf } from "./root";
import type { Follow, Prepared, Run } from "./run";
import { addTo, difference, noSizes } from "./weigher";

const NO_COMMIT = "0".repeat(40);

/**
 * Looks at what a step would do, right before it is done. Changes nothing.
 *
 * @throws LeftAlone with why it is not done
 */
export async function prepare(run: Run, step: JournalStep): Promise<Prepared> {
  if (step.action === "compress")
    throw new LeftAlone(
      "Memwell does not compress yet: fetch this as F16 or in a smaller quant from where it was published, or save it so",
    );
  const named = step.paths.map((path) => place(run, path));
  const hub = step.in_hub_cache ? await hubRemoval(run, step, named) : null;
  const moves = hub?.moves ?? named;
  const weigher = run.expected.copy();
  const sizes = noSizes();
  for (const path of moves) {
    const objection = objectionTo(run.root, path);
    if (objection !== null) throw new LeftAlone(`${toText(path)}: ${objection}`);
    addTo(sizes, await run.lookAt(joined(run.root.path, path), weigher));
  }
  const follow = await followOf(run, step, hub?.files ?? null);
  const expected = difference(sizes, leftBehind(run, moves, follow, sizes));
  return { step, moves, expected, weigher, lock: hub?.lock ?? null, follow };
}

function place(run: Run, text: string): BytePath {
  const path = insidePath(text);
  if (path === null) throw new LeftAlone(`${text} does not lie in the folder`);
  const objection = objectionTo(run.root, path);
  if (objection !== null) throw new LeftAlone(`${text}: ${objection}`);
  return path;
}

async function followOf(run: Run, step: JournalStep, files: Extract<Follow, { type: "manifest" }>["files"] | null) {
  const { helpers } = run;
  if (step.action === "link") return linkOf(run, step);
  if (step.action === "move-to-cache") return cacheOf(run, step);
  if (step.action !== "fetch-again" && step.action !== "publish") return null;
  if (helpers.manifest === undefined)
    throw new LeftAlone("there is no manifest to note in where it can be fetched again");
  if (step.action === "publish") {
    if (helpers.publish === undefined)
      throw new LeftAlone("say where it is to be published: --publish-to ORG/NAME uploads it before it leaves");
    return { type: "publish" } as const;
  }
  const known = files ?? filesOnHub(step);
  if (known.length === 0) throw new LeftAlone("it cannot be told where it can be fetched again");
  return { type: "manifest", files: known } as const;
}

/** What the Hub was found to have, for each of the step's files; nothing when one of them is not among it. */
function filesOnHub({ on_hub: onHub, paths }: JournalStep): ManifestFile[] {
  if (onHub === undefined || !paths.every((path) => onHub.files.some((file) => file.path === path))) return [];
  return onHub.files.map((file) => ({ repo_type: "model", repo: onHub.repo, revision: onHub.revision, ...file }));
}

async function linkOf(run: Run, { link }: JournalStep): Promise<Follow> {
  const to = link === null ? null : insidePath(link.to);
  if (link === null || to === null) throw new LeftAlone("the plan does not say what the link is to lead to");
  const objection = objectionTo(run.root, to);
  const stats = objection === null ? statOf(joined(run.root.path, to)) : null;
  if (stats?.isFile() !== true) throw new LeftAlone(`${link.to}, the file to link to, is ${objection ?? "not there"}`);
  if (stats.dev !== run.root.device || !run.touched.isAsItWas(stats, run.since))
    throw new LeftAlone(`${link.to}, the file to link to, has changed since the plan was made`);
  return Promise.resolve({ type: "link", to, kind: link.kind });
}

function cacheOf({ helpers, root }: Run, step: JournalStep): Follow {
  if (helpers.cache === undefined) throw new LeftAlone("there is no Hugging Face cache to move it to");
  const cacheDir = Buffer.from(helpers.cache.cacheDir, "utf8").toString("latin1");
  if (step.paths.some((path) => joined(root.path, path).startsWith(`${cacheDir}/`)))
    throw new LeftAlone("it lies in the Hugging Face cache of this machine already");
  return { type: "cache", cacheDir };
}

/** What stays in the place of what goes: links, and all the bytes where the cache is on the same disk. */
function leftBehind(run: Run, moves: readonly BytePath[], follow: Follow | null, all: Sizes): Sizes {
  const left = noSizes();
  if (follow?.type === "link" && follow.kind === "symbolic")
    for (const path of moves) addTo(left, linkBytes(run.root, parentOf(path), linkTarget(path, follow.to)));
  if (follow?.type === "cache") {
    // Names are as long whatever the bytes are that they are made from.
    const repoPath = cacheRepoPath(follow.cacheDir, moves[0] ?? "", NO_COMMIT);
    for (const path of moves)
      addTo(left, linkBytes(run.root, parentOf(path), snapshotFile(repoPath, NO_COMMIT, nameInCache(path))));
    if (isSameDisk(run, follow.cacheDir)) left.size_on_disk += all.size_on_disk;
  }
  return left;
}

/** The cache's folder may not be there yet. */
export function isSameDisk(run: Run, cacheDir: BytePath): boolean {
  let folder = cacheDir;
  let stats = statOf(folder);
  while (stats === null && folder !== "/") {
    folder = parentOf(folder);
    stats = statOf(folder);
  }
  return stats?.dev === run.root.device;
}
