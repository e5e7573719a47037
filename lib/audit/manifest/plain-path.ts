import { posix, win32 } from "node:path";

const LONGEST_PATH = 4096;
const LONGEST_PART = 255;

/** What a system that ignores case, or what follows a name, would take for git's own folder. */
const GIT_FOLDER = /^(?:\.git|git~\d+)[. ]*$/i;

/**
 * Whether a path leads to a place below a folder, on this system and on others: no `..`, no root, no drive, nothing that
 * steers a terminal. Git's own folder is no such place: what is written there may be run.
 */
export function isPlainPath(path: string): boolean {
  if (Buffer.byteLength(path) > LONGEST_PATH) return false;
  if (posix.isAbsolute(path) || win32.isAbsolute(path)) return false;
  return path.split("/").every(isPlainPart);
}

function isPlainPart(part: string): boolean {
  if (part === "" || part === "." || part === ".." || Buffer.byteLength(part) > LONGEST_PART) return false;
  return !/[\\:\p{C}\u2028\u2029]/u.test(part) && !GIT_FOLDER.test(part);
}
