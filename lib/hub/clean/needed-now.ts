import { readdirSync, readlinkSync, type Dirent } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import { isInside, isLink, realPath, statOrNull } from "../folder";
import { isOsFile, parseRepoFolder, repoPaths } from "../layout";
import { walk } from "./files";

/** As many as Linux follows. */
const MOST_STEPS = 40;

/** Something in a snapshot, and a path that it needs: a step on the way that it leads, or where that really ends. */
export interface Lead {
  from: string;
  to: string;
}

/**
 * What the snapshots of a repository lead to at this moment. `refused` is told what cannot be read, and may throw.
 */
export function leadsOf(repoPath: string, refused?: (path: string, thrown: unknown) => void): Lead[] {
  const leads: Lead[] = [];
  const known = new Map<string, string[]>();
  const { snapshots } = repoPaths(repoPath);
  const add = (from: string, path: string, entry: Dirent) => {
    if (entry.isFile()) leads.push({ from, to: path });
    if (entry.isSymbolicLink()) for (const to of stepsOf(path, known)) leads.push({ from, to });
  };
  walk(snapshots, (path, entry) => add(path, path, entry), refused);
  for (const { from, folder } of linkedSnapshots(snapshots)) {
    const visit = (path: string, entry: Dirent) => {
      leads.push({ from, to: path });
      add(from, path, entry);
    };
    walk(folder, visit, refused);
  }
  return leads;
}

/** All that the snapshots of a repository lead to at this moment. */
export function targetsOf(repoPath: string, refused?: (path: string, thrown: unknown) => void): Set<string> {
  return new Set(leadsOf(repoPath, refused).map(({ to }) => to));
}

/**
 * Where a link leads: at once, from there on if that is a link too, and where it really ends. `known`: what a path leads
 * to, since many links lead to the same one.
 */
export function stepsOf(link: string, known = new Map<string, string[]>()): string[] {
  const first = nextOf(link);
  if (first === null) return [];
  const found = known.get(first);
  if (found !== undefined) return found;
  const steps = [first];
  for (let path = first; steps.length < MOST_STEPS && isLink(path);) {
    const next = nextOf(path);
    if (next === null) break;
    steps.push(next);
    path = next;
  }
  const real = realPath(first);
  if (real !== null) steps.push(real);
  known.set(first, steps);
  return steps;
}

function nextOf(link: string): string | null {
  try {
    return resolve(dirname(link), readlinkSync(link));
  } catch {
    return null;
  }
}

/** A snapshot may itself be a link to a folder, which scanners do look into. */
function linkedSnapshots(snapshots: string): { from: string; folder: string }[] {
  return namesIn(snapshots)
    .map((name) => join(snapshots, name))
    .filter(isLink)
    .map((from) => ({ from, folder: realPath(from) ?? "" }))
    .filter(({ folder }) => statOrNull(folder)?.isDirectory());
}

/**
 * What the repositories of a cache need that lies in another one. No known tool makes such links; but what they lead to
 * would be lost without a sign.
 */
export async function neededByOthers(root: string): Promise<Set<string>> {
  const needed = new Set<string>();
  for (const name of namesIn(root)) {
    if (isOsFile(name) || parseRepoFolder(name) === null) continue;
    await setImmediate();
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
