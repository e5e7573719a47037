import { useMemo } from "react";

import { formatCount } from "../../_analytics/words";
import type { FolderRow, FolderView } from "../../_storage/contract";
import { formatShare, rowName } from "../../_storage/words";
import { Size } from "./Size";
import { SortedTable, type Column } from "./SortedTable";
import { StorageMark } from "./StorageMark";

/** As high as the drawing beside it. */
const PAGE_ROWS = 11;
const MARK_WEIGHT = { "act-now": 2, look: 1, fine: 0 };

interface FolderTableProps {
  view: FolderView;
  /** The path of the file that was picked in the drawing. */
  picked: string | null;
  onOpen: (row: FolderRow) => void;
}

/** What lies in a folder, each with its share of it. */
export function FolderTable({ view, picked, onOpen }: FolderTableProps) {
  const { apparent_size: total } = view;
  const columns: Column<FolderRow>[] = [
    { key: "name", name: "Name", value: nameValue, cell: (row) => <NameCell row={row} onOpen={onOpen} /> },
    { key: "size", name: "Size", isFigure: true, value: sizeOf, cell: (row) => <Size bytes={row.apparent_size} /> },
    {
      key: "disk",
      name: "On disk",
      isFigure: true,
      value: (row) => row.size_on_disk,
      cell: (row) => <Size bytes={row.size_on_disk} />,
      shownFrom: "hidden sm:table-cell",
    },
    { key: "share", name: "Share", isFigure: true, cell: (row) => formatShare(row.apparent_size, total) },
    {
      key: "files",
      name: "Files",
      isFigure: true,
      value: (row) => row.nb_files,
      cell: (row) => formatCount(row.nb_files),
      shownFrom: "hidden md:table-cell",
    },
    {
      key: "mark",
      name: "Mark",
      value: (row) => -MARK_WEIGHT[row.mark],
      cell: (row) => row.type !== "rest" && <StorageMark mark={row.mark} />,
      shownFrom: "hidden sm:table-cell",
    },
  ];
  const rows = useMemo(() => withPickedFirst(view.rows, picked), [view.rows, picked]);
  return (
    <SortedTable
      key={picked}
      testId="folder-table"
      caption="What lies in this folder"
      columns={columns}
      rows={rows}
      rowKey={(row) => `${row.type} ${row.path}`}
      rowData={(row) => ({
        "data-path": row.path,
        "data-type": row.type,
        "data-picked": row.path === picked && row.type === "file" ? "true" : undefined,
      })}
      order={{ key: picked === null ? "size" : "picked", isDescending: true }}
      pageRows={PAGE_ROWS}
    />
  );
}

function NameCell({ row, onOpen }: { row: FolderRow; onOpen: (row: FolderRow) => void }) {
  const words = "min-w-0 wrap-anywhere whitespace-pre-wrap";
  if (row.type !== "folder") {
    return <span className={`${words} ${row.type === "rest" ? "text-quiet" : ""}`}>{rowName(row)}</span>;
  }
  return (
    <>
      <button type="button" className={`${words} text-left text-accent hover:underline`} onClick={() => onOpen(row)}>
        {row.name}
      </button>
      {!row.is_read && <span className="text-bad"> not read</span>}
    </>
  );
}

const sizeOf = ({ apparent_size: size }: FolderRow): number => size;

function nameValue(row: FolderRow): string {
  return rowName(row).toLowerCase();
}

/** What was picked in the drawing stands where it is seen. */
function withPickedFirst(rows: readonly FolderRow[], picked: string | null): readonly FolderRow[] {
  const isPicked = (row: FolderRow) => row.type === "file" && row.path === picked;
  return picked === null ? rows : [...rows.filter(isPicked), ...rows.filter((row) => !isPicked(row))];
}
