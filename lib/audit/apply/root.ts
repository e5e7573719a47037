import { readdirSync } from "node:fs";
import { MemwellError } from "../../errors";
import { fromReport, joined, toSystem, toText, type BytePath } from "../walk/byte-path";
import { realFolder } from "../walk/real-folder";
import { TRASH_FOLDER } from "../walk/trash-folder";
import { statOf } from "./disk";

/** The folder that a plan is about. */
export interface Root {
  /** Real. */
  path: BytePath;
  device: bigint;
}

/** @throws MemwellError `not_found`, `invalid_request` */
export function openRoot(folder: string, toPath?: (text: string) => BytePath): Root {
  const path = realFolder(folder, toPath);
  const stats = statOf(path);
  if (stats === null) throw new MemwellError("not_found", `${toText(path)} went away. Name a folder that is there.`);
  return { path, device: stats.dev };
}

/** A path as a report or a journal names it, which may be a stranger's; null when it leads out of the folder. */
export function insidePath(text: string): BytePath | null {
  const path = fromReport(text);
  return isPlain(path) ? path : null;
}

export function isPlain(path: BytePath): boolean {
  const isPart = (part: string): boolean => part !== "" && part !== "." && part !== "..";
  return !path.includes("\0") && path.split("/").every(isPart);
}

export function parentOf(path: BytePath): BytePath {
  return path.slice(0, Math.max(1, path.lastIndexOf("/")));
}

/**
 * Why nothing is moved from or to this place; null when it may be. No link leads there, no other disk is mounted on the way,
 * and it is not git's own.
 *
 * @param path plain, from the folder on
 */
export function objectionTo(root: Root, path: BytePath): string | null {
  const parts = path.split("/");
  if (parts.includes(TRASH_FOLDER)) return "it lies in the trash";
  if (parts.includes(".git")) return "it is git's own";
  let folder = root.path;
  for (const part of parts.slice(0, -1)) {
    folder = joined(folder, part);
    const stats = statOf(folder);
    if (stats === null) return "its folder is not there";
    if (!stats.isDirectory()) return `${toText(folder)} is a link or a file, where there was a folder`;
    if (stats.dev !== root.device) return "it lies on another disk: audit that folder by itself";
    if (isGitFolder(folder)) return "it is git's own";
  }
  return null;
}

/** A bare repository, under any name. */
function isGitFolder(folder: BytePath): boolean {
  return ["HEAD", "objects", "refs"].every((name) => statOf(joined(folder, name)) !== null);
}

export function namesIn(folder: BytePath): BytePath[] {
  return readdirSync(toSystem(folder), "latin1").sort();
}
