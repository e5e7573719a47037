import { resolve } from "node:path";

export const AUDIT_DIRS_FORM = "paths of folders, with commas between them";

/** Each folder once, as an absolute path; null when there is none in the text. A folder with a comma in its path cannot be named. */
export function parseAuditDirs(text: string, folder: string): string[] | null {
  const paths = text
    .split(",")
    .map((path) => path.trim())
    .filter((path) => path !== "");
  return paths.length === 0 ? null : [...new Set(paths.map((path) => resolve(folder, path)))];
}
