import type { BytePath } from "./byte-path";
import type { Folder, Surroundings } from "./folder";

/** Names that a tool gives, and would not find its own things without. */
const BY_NAME = new Map<BytePath, Surroundings>([
  ["node_modules", "environment"],
  ["site-packages", "environment"],
  ["__pycache__", "build"],
  [".next", "build"],
  [".turbo", "build"],
  [".gradle", "build"],
  [".pytest_cache", "build"],
  [".mypy_cache", "build"],
  [".ruff_cache", "build"],
]);

/** What a folder is by its own name and by what stands in it; null when that says nothing. */
export function surroundingsOf(folder: Folder, names: readonly BytePath[]): Surroundings | null {
  if (folder.surroundings === "git") return folder.name === "lfs" && folder.parent !== null ? "lfs" : "git";
  if (folder.surroundings !== null) return folder.surroundings;
  if (isGitFolder(names)) return "git";
  if (names.includes("conda-meta")) return "environment";
  return folder.parent === null ? null : (BY_NAME.get(folder.name) ?? null);
}

/** `.git`, or a bare repository under any name. */
function isGitFolder(names: readonly BytePath[]): boolean {
  return ["HEAD", "objects", "refs"].every((name) => names.includes(name));
}
