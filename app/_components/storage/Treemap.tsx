import { useId, useRef, useState, type KeyboardEvent } from "react";

import { nextTile, type Direction } from "../../_storage/next-tile";
import type { FolderRow } from "../../_storage/contract";
import type { Tile } from "../../_storage/tiles";
import { TileView } from "./TileView";

interface TreemapProps {
  tiles: readonly Tile[];
  /** Of all tiles, in bytes. */
  total: number;
  onOpen: (row: FolderRow) => void;
  /** The tile that is pointed at, or has the focus. */
  onShow: (row: FolderRow) => void;
  /** To the folder above; null: there is none. */
  onUp: (() => void) | null;
}

/** The tiles, of which one can be reached by Tab: arrow keys lead on from it, and Backspace to the folder above. */
export function Treemap({ tiles, total, onOpen, onShow, onUp }: TreemapProps) {
  const id = useId();
  const group = useRef<HTMLDivElement>(null);
  const [reached, setReached] = useState<string | null>(null);
  const found = tiles.findIndex(({ row }) => keyOf(row) === reached);
  const current = Math.max(0, found);
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "Backspace" && onUp !== null) {
      event.preventDefault();
      return onUp();
    }
    if (!isDirection(event.key)) return;
    event.preventDefault();
    const next = nextTile(tiles, current, event.key);
    if (next === null) return;
    group.current?.querySelectorAll<HTMLElement>("[data-tile]")[next]?.focus();
  };
  return (
    <div ref={group} role="group" aria-labelledby={id} data-testid="treemap" onKeyDown={onKey}>
      <span id={id} className="sr-only">
        Tiles of this folder, the largest first
      </span>
      {tiles.map((tile, index) => (
        <TileView
          key={keyOf(tile.row)}
          tile={tile}
          total={total}
          isReachable={index === current}
          onOpen={() => onOpen(tile.row)}
          onShow={() => onShow(tile.row)}
          onFocus={() => setReached(keyOf(tile.row))}
        />
      ))}
    </div>
  );
}

function keyOf({ type, path }: FolderRow): string {
  return `${type} ${path}`;
}

function isDirection(key: string): key is Direction {
  return ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].includes(key);
}
