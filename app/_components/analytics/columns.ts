import type { SortKey } from "../../_analytics/row-order";

export const COLUMN_NAMES: Record<SortKey, string> = {
  id: "Repository",
  type: "Type",
  size: "Size",
  revisions: "Revisions",
  files: "Files",
  used: "Last used",
  state: "State",
};

/** Where a column stands: on a narrow screen what it says stands in the opened repository. */
export const COLUMN_CLASSES: Record<SortKey, string> = {
  id: "text-left",
  type: "hidden md:table-cell text-left",
  size: "text-right whitespace-nowrap",
  revisions: "hidden md:table-cell text-right",
  files: "hidden md:table-cell text-right",
  used: "hidden md:table-cell text-right whitespace-nowrap",
  state: "hidden sm:table-cell text-left",
};

export const COLUMN_COUNT = Object.keys(COLUMN_NAMES).length + 1;
