interface Place {
  left: number;
  top: number;
  width: number;
  height: number;
}

export type Direction = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";

/**
 * The tile that an arrow key leads to: of those that lie wholly in its direction the nearest, and of several the one most in
 * line. Pure.
 *
 * @returns its index; null when there is none
 */
export function nextTile(tiles: readonly Place[], from: number, direction: Direction): number | null {
  const here = tiles[from];
  if (here === undefined) return null;
  let [best, least]: [number | null, number] = [null, Infinity];
  for (const [index, tile] of tiles.entries()) {
    const distance = index === from ? null : distanceTo(here, tile, direction);
    if (distance !== null && distance < least) [best, least] = [index, distance];
  }
  return best;
}

/** Null: it does not lie in that direction. To lie out of line counts more than to lie far away. */
function distanceTo(here: Place, tile: Place, direction: Direction): number | null {
  const isSideways = direction === "ArrowLeft" || direction === "ArrowRight";
  const gaps: Record<Direction, number> = {
    ArrowLeft: here.left - (tile.left + tile.width),
    ArrowRight: tile.left - (here.left + here.width),
    ArrowUp: here.top - (tile.top + tile.height),
    ArrowDown: tile.top - (here.top + here.height),
  };
  const gap = gaps[direction];
  if (gap < -1) return null;
  const [middle, start, end] = isSideways
    ? [here.top + here.height / 2, tile.top, tile.top + tile.height]
    : [here.left + here.width / 2, tile.left, tile.left + tile.width];
  const outOfLine = Math.max(0, start - middle, middle - end);
  return gap + outOfLine * 3;
}
