import { hierarchy, treemap, treemapSquarify, type HierarchyRectangularNode } from "d3-hierarchy";

import type { FolderRow } from "./contract";

/** A rectangle of the drawing, in pixels from its upper left corner. */
export interface Tile {
  row: FolderRow;
  left: number;
  top: number;
  width: number;
  height: number;
  /** What lies in a folder, seen from the same corner. */
  parts: { name: string; section: FolderRow["section"]; left: number; top: number; width: number; height: number }[];
}

interface Node {
  row?: FolderRow;
  part?: Pick<FolderRow["parts"][number], "name" | "section">;
  size?: number;
  children?: Node[];
}

/** A tile that is smaller than this share of the drawing is too small to be hit: it goes into the last one. */
const LEAST_SHARE = 0.004;
const MOST_TILES = 40;
const LABEL_HEIGHT = 22;
/** Below this height or width a folder's tile has no room for what lies in it, in pixels. */
const LEAST_FOR_PARTS = 56;

/** The rows as tiles, each as large as its share of the bytes; a folder shows what lies in it. Pure. */
export function tilesOf(rows: readonly FolderRow[], width: number, height: number): Tile[] {
  const shown = shownRows(rows);
  if (shown.length === 0 || width < 1 || height < 1) return [];
  const root = hierarchy<Node>({ children: shown.map(nodeOf) }, ({ children }) => children)
    .sum(({ size }) => size ?? 0)
    .sort((left, right) => (right.value ?? 0) - (left.value ?? 0));
  const layout = treemap<Node>()
    .tile(treemapSquarify.ratio(1.4))
    .size([width, height])
    .round(true)
    .paddingInner(({ depth }) => (depth === 0 ? 3 : 1))
    .paddingTop(({ depth }) => (depth === 1 ? LABEL_HEIGHT : 0))
    .paddingLeft(({ depth }) => (depth === 1 ? 3 : 0))
    .paddingRight(({ depth }) => (depth === 1 ? 3 : 0))
    .paddingBottom(({ depth }) => (depth === 1 ? 3 : 0));
  return (layout(root).children ?? []).flatMap((node) =>
    node.data.row === undefined ? [] : tileOf(node, node.data.row),
  );
}

function tileOf(node: HierarchyRectangularNode<Node>, row: FolderRow): Tile[] {
  const place = placeOf(node);
  if (place.width < 1 || place.height < 1) return [];
  const hasRoom = place.width >= LEAST_FOR_PARTS && place.height >= LEAST_FOR_PARTS;
  const parts = (hasRoom ? (node.children ?? []) : []).flatMap((child) => {
    const inside = placeOf(child);
    if (child.data.part === undefined || inside.width < 2 || inside.height < 2) return [];
    const [left, top] = [inside.left - place.left, inside.top - place.top];
    return [{ ...child.data.part, ...inside, left, top }];
  });
  return [{ row, ...place, parts }];
}

function placeOf({ x0, y0, x1, y1 }: HierarchyRectangularNode<Node>) {
  return { left: x0, top: y0, width: x1 - x0, height: y1 - y0 };
}

/** The small ones together. */
function shownRows(rows: readonly FolderRow[]): FolderRow[] {
  const total = rows.reduce((sum, { apparent_size: size }) => sum + size, 0);
  const isLarge = ({ type, apparent_size: size }: FolderRow, index: number): boolean =>
    type !== "rest" && index < MOST_TILES && size > total * LEAST_SHARE;
  const large = rows.filter(isLarge);
  const small = rows.filter((row, index) => !isLarge(row, index));
  const rest = small.reduce<FolderRow | null>((sum, row) => (sum === null ? asRest(row) : added(sum, row)), null);
  return rest === null || rest.apparent_size === 0 ? large : [...large, rest];
}

function asRest(row: FolderRow): FolderRow {
  return { ...row, type: "rest", name: "", mark: "fine", parts: [] };
}

function added(sum: FolderRow, row: FolderRow): FolderRow {
  return {
    ...sum,
    apparent_size: sum.apparent_size + row.apparent_size,
    size_on_disk: sum.size_on_disk + row.size_on_disk,
    nb_files: sum.nb_files + row.nb_files,
  };
}

/** What the parts do not say of a folder's bytes stays empty. */
function nodeOf(row: FolderRow): Node {
  const inParts = row.parts.reduce((sum, { apparent_size: size }) => sum + size, 0);
  if (inParts === 0) return { row, size: row.apparent_size };
  const parts: Node[] = row.parts.map(({ apparent_size: size, ...part }) => ({ part, size }));
  return { row, children: [...parts, { size: Math.max(0, row.apparent_size - inParts) }] };
}
