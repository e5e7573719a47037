import { readdirSync, readlinkSync, type Dirent } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { isInside, isLink, realPath, statOrNull } from "../folder";
import { isOsFile, parseRepoFolder, repoPaths } from "../layout";
import { walk } from "./files";

/** As many as Linux follows. */
const MOST_STEPS = 40;

/**
 * Everything the snapshots of a repository lead to at this moment: each step on the way, and where it really ends.
 * `refused` is told what cannot be read, and may throw.
 */
export function targetsOf(repoPath: string, refused?: (path: string, thrown: unknown) => void): Set<string> {
  const targets = new Set<string>();
  const { snapshots } = repoPaths(repoPath);
  for (const folder of [snapshots, ...linkedSnapshots(snapshots)]) {
    const visit = (path: string, entry: Dirent) => {
      if (entry.isFile()) targets.add(path);
      if (entry.isSymbolicLink()) for (const target of stepsOf(path)) targets.add(target);
    };
    walk(folder, visit, refused);
  }
  return targets;
}

/** Where a link leads: at once, from there on if that is a link too, and where it really ends. */
export function stepsOf(link: string): string[] {
  const steps: string[] = [];
  for (let path = link; steps.length < MOST_STEPS && isLink(path);) {
    try {
      path = resolve(dirname(path), readlinkSync(path));
    } catch {
      break;
    }
    steps.push(path);
  }
  const real = realPath(link);
  if (real !== null) steps.push(real);
  return steps;
}

/** A snapshot may itself be a link to a folder, which scanners do look into. */
function linkedSnapshots(snapshots: string): string[] {
  return namesIn(snapshots)
    .map((name) => join(snapshots, name))
    .filter(isLink)
    .flatMap((path) => realPath(path) ?? [])
    .filter((path) => statOrNull(path)?.isDirectory());
}

/**
 * What the repositories of a cache need that lies in another one. No known tool makes such links; but what they lead to
 * would be lost without a sign.
 */
export function neededByOthers(root: string): Set<string> {
  const needed = new Set<string>();
  for (const name of namesIn(root)) {
    if (isOsFile(name) || parseRepoFolder(name) === null) continue;
    const repoPath = join(root, name);
    const real = realPath(repoPath);
    if (real !== null && real !== repoPath) needed.add(real);
    for (const target of targetsOf(repoPath)) if (!isInside(repoPath, target)) needed.add(target);
  }
  return needed;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
