import type { GitHygiene } from "../runtime";
import { bytes, more, part, table } from "./audit-table";
import { printable } from "./output";

/** What would keep the repository small, for people. `top`: lines of each list. */
export function gitLines(git: GitHygiene | null, top: number): string[] {
  if (git === null) return [];
  const { large_objects: objects, source, is_complete: isComplete } = git.history;
  const rows = objects
    .slice(0, top)
    .map(({ size, size_on_disk: onDisk, path, id, command }) => [
      size === null ? "-" : bytes(size),
      bytes(onDisk),
      path ?? id,
      command,
    ]);
  const missing = git.missing_lines.flatMap(({ path, lines, why }) => [
    `${path}: ${why}`,
    ...lines.slice(0, top).map((line) => `  ${printable(line)}`),
    ...more(lines.length - top, "lines"),
  ]);
  return [
    ...part("Lines that git's files lack", missing),
    ...part(
      "Large files in the history, with what removes each (it rewrites all commits: everybody clones anew)",
      rows.length === 0 ? [] : table([["SIZE", "ON DISK", "FILE", "COMMAND"], ...rows], [0, 1]),
    ),
    ...more(objects.length - top, "files"),
    ...(source === "files" && objects.length > 0 ? ["Their names are not known: git could not be asked."] : []),
    ...(isComplete ? [] : ["Not all of the history could be read."]),
  ];
}
