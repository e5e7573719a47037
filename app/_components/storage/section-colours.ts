import type { FolderRow } from "../../_storage/contract";
import { SERIES_COLOURS } from "../answer/chart-colours";

const { light, dark } = SERIES_COLOURS;
const colour = (index: 1 | 6 | 7): string => `light-dark(${light[index]}, ${dark[index]})`;

/** A word on them in `TILE_INK` has a contrast of at least 4.5:1 in both themes. */
export const SECTION_COLOURS: Record<FolderRow["section"], string> = {
  models: colour(1),
  backups: colour(6),
  other: colour(7),
};

export const TILE_INK = "light-dark(#ffffff, #18181b)";
