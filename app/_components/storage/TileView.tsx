import type { Tile } from "../../_storage/tiles";
import { formatShare, formatSize, KIND_WORDS, MARK_WORDS, rowName } from "../../_storage/words";
import { SECTION_COLOURS, TILE_INK } from "./section-colours";

interface TileViewProps {
  tile: Tile;
  total: number;
  /** By Tab. */
  isReachable: boolean;
  onOpen: () => void;
  onShow: () => void;
  onFocus: () => void;
}

/** A tile that is less high or wide shows no words, in pixels. */
const LEAST_FOR_NAME = { width: 40, height: 18 };
const LEAST_FOR_PART = { width: 56, height: 18 };
const LEAST_FOR_SIZE = { width: 120, height: 34 };

/** One tile: a folder to go into, a file to find in the table, or what is too small to be drawn. */
export function TileView({ tile, total, isReachable, onOpen, onShow, onFocus }: TileViewProps) {
  const { row, left, top, width, height, parts } = tile;
  const isRest = row.type === "rest";
  const hasParts = parts.length > 0;
  const fits = (least: { width: number; height: number }) => width >= least.width && height >= least.height;
  const background = isRest ? undefined : hasParts ? undefined : SECTION_COLOURS[row.section];
  return (
    <button
      type="button"
      data-tile={row.type}
      data-path={row.path}
      tabIndex={isReachable ? 0 : -1}
      aria-label={wordsOf(tile, total)}
      className={`absolute overflow-hidden rounded-[2px] text-left text-xs leading-4 outline-offset-[-2px] hover:brightness-110 focus-visible:z-10 ${
        isRest || hasParts ? "border border-field-line bg-raised text-ink" : ""
      }`}
      style={{ left, top, width, height, background, ...(background !== undefined && { color: TILE_INK }) }}
      onClick={onOpen}
      onPointerEnter={onShow}
      onFocus={() => {
        onFocus();
        onShow();
      }}
    >
      {parts.map((part, index) => (
        <span
          key={index}
          className="absolute overflow-hidden px-1 whitespace-pre"
          style={{
            left: part.left - 1,
            top: part.top - 1,
            width: part.width,
            height: part.height,
            background: SECTION_COLOURS[part.section],
            color: TILE_INK,
          }}
        >
          {part.width >= LEAST_FOR_PART.width && part.height >= LEAST_FOR_PART.height && oneLine(part.name)}
        </span>
      ))}
      {fits(LEAST_FOR_NAME) && (
        <span className="absolute inset-x-1 top-0.5 flex gap-1">
          <span className="min-w-0 truncate font-semibold whitespace-pre">{oneLine(rowName(row))}</span>
          {hasParts && fits(LEAST_FOR_SIZE) && <span className="shrink-0">{formatSize(row.apparent_size)}</span>}
          {row.mark === "act-now" && <span className={`ml-auto font-bold ${hasParts ? "text-bad" : ""}`}>!</span>}
        </span>
      )}
      {!hasParts && fits(LEAST_FOR_SIZE) && (
        <span className="absolute inset-x-1 top-[1.15rem] truncate">{formatSize(row.apparent_size)}</span>
      )}
    </button>
  );
}

function wordsOf({ row }: Tile, total: number): string {
  const size = `${formatSize(row.apparent_size)}, ${formatShare(row.apparent_size, total)}`;
  if (row.type === "rest") return `${rowName(row)}, ${size}`;
  const what = row.type === "folder" ? "folder" : KIND_WORDS[row.kind];
  return `${rowName(row)}, ${what}, ${size}, ${MARK_WORDS[row.mark]}`;
}

/** A name may have line breaks. */
function oneLine(name: string): string {
  return name.replaceAll(/\s/g, " ");
}
