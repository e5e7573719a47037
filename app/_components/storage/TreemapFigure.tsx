import { useEffect, useId, useRef, useState } from "react";

import type { FolderRow, FolderView } from "../../_storage/contract";
import { above } from "../../_storage/storage-address";
import type { Tile } from "../../_storage/tiles";
import { formatShare, formatSize, KIND_WORDS, MARK_WORDS, rowName, SECTION_WORDS } from "../../_storage/words";
import { SECTION_COLOURS } from "./section-colours";
import { Treemap } from "./Treemap";

interface TreemapFigureProps {
  view: FolderView;
  onOpen: (row: FolderRow) => void;
  onGo: (path: string) => void;
}

/** A folder as a drawing: each tile as large as its share of the bytes. What a tile is stands below. */
export function TreemapFigure({ view, onOpen, onGo }: TreemapFigureProps) {
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const tiles = useTiles(frame, view);
  const [shown, setShown] = useState<FolderRow | null>(null);
  const about = shown !== null && view.rows.includes(shown) ? shown : null;
  return (
    <figure className="flex min-w-0 flex-col gap-2" aria-labelledby={id} data-testid="treemap-figure">
      <figcaption id={id} className="flex flex-wrap items-center gap-x-3 text-sm">
        <span className="sr-only">
          The folder as a drawing. Arrow keys lead from tile to tile, Enter into a folder.
        </span>
        {Object.entries(SECTION_COLOURS).map(([section, background]) => (
          <span key={section} aria-hidden="true" className="flex items-center gap-1.5 text-quiet">
            <span className="size-2.5 rounded-full" style={{ background }} />
            {SECTION_WORDS[section as FolderRow["section"]]}
          </span>
        ))}
        <span aria-hidden="true" className="text-quiet">
          <span className="font-semibold text-bad">!</span> act now
        </span>
      </figcaption>
      <div ref={frame} className="relative h-72 overflow-hidden rounded-box border border-line bg-surface sm:h-96">
        {tiles === "failed" ? (
          <p className="p-3 text-sm text-bad">The drawing could not be loaded; the table has all figures.</p>
        ) : (
          <Treemap
            tiles={tiles}
            total={view.apparent_size}
            onOpen={onOpen}
            onShow={setShown}
            onUp={view.path === "." ? null : () => onGo(above(view.path))}
          />
        )}
        {view.rows.length === 0 && <p className="p-3 text-sm text-quiet">Nothing lies in this folder.</p>}
      </div>
      <p className="min-h-12 text-sm wrap-anywhere text-quiet" aria-hidden="true" data-testid="tile-words">
        {about === null ? "Point at a tile to read what it is." : <TileWords row={about} total={view.apparent_size} />}
      </p>
    </figure>
  );
}

function TileWords({ row, total }: { row: FolderRow; total: number }) {
  return (
    <>
      <span className="font-semibold whitespace-pre-wrap text-ink">{rowName(row)}</span>:{" "}
      {formatSize(row.apparent_size)}, {formatShare(row.apparent_size, total)} of this folder,{" "}
      {formatSize(row.size_on_disk)} on disk
      {row.type !== "rest" && `; ${KIND_WORDS[row.kind]}, ${MARK_WORDS[row.mark]}`}
    </>
  );
}

/** The tiles of a folder at the width of the frame; what lays them out is fetched when it is first needed. */
function useTiles(frame: React.RefObject<HTMLDivElement | null>, view: FolderView): readonly Tile[] | "failed" {
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [lay, setLay] = useState<{ tilesOf: typeof import("../../_storage/tiles").tilesOf } | "failed" | null>(null);
  useEffect(() => {
    if (frame.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, [frame]);
  useEffect(() => {
    let isOver = false;
    import("../../_storage/tiles").then(
      ({ tilesOf }) => isOver || setLay({ tilesOf }),
      () => isOver || setLay("failed"),
    );
    return () => {
      isOver = true;
    };
  }, []);
  if (lay === "failed") return "failed";
  return lay === null ? [] : lay.tilesOf(view.rows, size.width, size.height);
}
