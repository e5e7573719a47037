import type { AuditFolder } from "../contract";
import type { Kind, Mark } from "../kinds";
import { toText, type BytePath } from "../walk/byte-path";
import { sumOfKinds, type Folder } from "../walk/folder";
import type { Sums } from "../walk/sums";
import type { RawFinding } from "./findings";

const WORSE: Record<Mark, number> = { fine: 0, look: 1, "act-now": 2 };

/** The folders with all that is below them, down to `depth`; the largest first. */
export function treeOf(
  root: Folder,
  totals: ReadonlyMap<Folder, ReadonlyMap<Kind, Sums>>,
  findings: readonly RawFinding[],
  depth: number,
): AuditFolder {
  const marks = marksOf(findings);
  const convert = (folder: Folder, path: BytePath): AuditFolder => {
    const kinds = totals.get(folder) ?? new Map<Kind, Sums>();
    return {
      name: folder.parent === null ? "." : toText(folder.name),
      ...sumOfKinds(kinds),
      mark: marks.get(path) ?? "fine",
      kinds: Object.fromEntries([...kinds].map(([kind, { apparent_size }]) => [kind, apparent_size])),
      is_read: folder.isRead,
      folders: [],
    };
  };
  const tree = convert(root, root.path);
  const waiting = [{ folder: root, node: tree, path: root.path, level: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.level >= depth) continue;
    for (const child of next.folder.children) {
      const path = `${next.path === "/" ? "" : next.path}/${child.name}`;
      const node = convert(child, path);
      next.node.folders.push(node);
      waiting.push({ folder: child, node, path, level: next.level + 1 });
    }
    next.node.folders.sort((left, right) => right.apparent_size - left.apparent_size || (left.name < right.name ? -1 : 1)); // prettier-ignore
  }
  return tree;
}

/** A folder is as urgent as what is most urgent in it. */
function marksOf(findings: readonly RawFinding[]): Map<BytePath, Mark> {
  const marks = new Map<BytePath, Mark>();
  for (const { path, mark } of findings) {
    for (let end = path.length; end > 0; end = path.lastIndexOf("/", end - 1)) {
      const above = path.slice(0, end);
      const known = marks.get(above) ?? "fine";
      if (WORSE[known] >= WORSE[mark]) break;
      marks.set(above, mark);
    }
  }
  return marks;
}
