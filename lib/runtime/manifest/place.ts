import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, lstat, mkdir, realpath, rename, rm, symlink } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { MemwellError } from "../../errors";
import { freeBytes, SPARE_BYTES } from "../../hub";

/** What may be put in the place of what stands at a path: nothing, or a link or a pointer that says what was there. */
export type Replaced = "nothing" | "stand-in";

/**
 * Puts a link to `source` at a path below a folder, or a copy of it. What appeared there meanwhile stays.
 *
 * @param path with `/` between folders
 * @throws MemwellError `conflict` when something else stands in the way or the path leads out of the folder, `disk_full`
 */
export async function place(
  folder: string,
  path: string,
  source: string,
  { replaced, copy, size }: { replaced: Replaced; copy: boolean; size: number },
): Promise<void> {
  const target = await makeParents(folder, path);
  const partial = join(dirname(target), `.${randomBytes(6).toString("hex")}.memwell-partial`);
  if (copy) await refuseFullDisk(dirname(target), size);
  try {
    if (copy) await copyFile(source, partial, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    else await symlink(source, partial);
    if (replaced === "nothing" && (await isThere(target))) throw inTheWay(target);
    await rename(partial, target);
  } finally {
    await rm(partial, { force: true });
  }
}

/** The folders that a path needs, one after the other, so that no link on the way leads out. Returns the whole path. */
async function makeParents(folder: string, path: string): Promise<string> {
  const root = await realpath(folder);
  const parts = path.split("/");
  let parent = root;
  for (const part of parts.slice(0, -1)) {
    const next = join(parent, part);
    await mkdir(next).catch((thrown: unknown) => {
      if (!(thrown instanceof Error && "code" in thrown && thrown.code === "EEXIST")) throw thrown;
    });
    parent = await realpath(next).catch(() => {
      throw inTheWay(next);
    });
    if (!isInside(root, parent)) throw leadsOut(next, parent);
    if (!(await lstat(parent)).isDirectory()) throw inTheWay(next);
  }
  return join(parent, parts.at(-1) ?? "");
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function isInside(root: string, path: string): boolean {
  const inside = relative(root, path);
  return inside !== ".." && !inside.startsWith(`..${sep}`);
}

async function refuseFullDisk(folder: string, size: number): Promise<void> {
  const free = await freeBytes(folder);
  if (free === null || size + SPARE_BYTES <= free) return;
  throw new MemwellError(
    "disk_full",
    `A copy of ${size} bytes does not fit into ${folder}, which has ${free} free. Leave out --copy: a link takes no room.`,
    { path: folder, needed_bytes: size, free_bytes: free },
  );
}

function leadsOut(path: string, to: string): MemwellError {
  return new MemwellError(
    "conflict",
    `${path} is a link that leads out of the folder, to ${to}. Remove it, or change the manifest, then try again.`,
    { path },
  );
}

/** Something stands where a file of the manifest belongs. */
export function inTheWay(path: string): MemwellError {
  return new MemwellError(
    "conflict",
    `${path} is there already and is something else than the manifest says. Nothing was changed: move it away, then try ` +
      "again.",
    { path },
  );
}
