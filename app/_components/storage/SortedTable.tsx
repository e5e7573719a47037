import { useMemo, useState, type ReactNode } from "react";

import { sorted, turned, type TableOrder } from "../../_storage/sorted";
import { Pager } from "../analytics/Pager";
import { SortedHead } from "./SortedHead";

/** A column: how it is called, what it says of a row, and what it is sorted by. */
export interface Column<Row> {
  key: string;
  name: string;
  cell: (row: Row) => ReactNode;
  /** Figures begin with the largest; absent: it is not sorted by. */
  value?: (row: Row) => number | string;
  isFigure?: boolean;
  /** Where it is left out, such as "hidden md:table-cell". */
  shownFrom?: string;
}

interface SortedTableProps<Row> {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row, index: number) => string;
  order: TableOrder;
  pageRows?: number;
  /** Attributes of a row, for what looks for it. */
  rowData?: (row: Row) => Record<`data-${string}`, string | undefined>;
  testId: string;
}

/** A table that is sorted by a click on a column, and turned page by page. */
export function SortedTable<Row>({ caption, columns, rows, rowKey, pageRows = 25, ...rest }: SortedTableProps<Row>) {
  const [order, setOrder] = useState(rest.order);
  const [page, setPage] = useState(0);
  const value = columns.find(({ key }) => key === order.key)?.value;
  const all = useMemo(
    () => (value === undefined ? rows : sorted(rows, value, order.isDescending)),
    [rows, value, order],
  );
  const pages = Math.max(1, Math.ceil(all.length / pageRows));
  const shownPage = Math.min(page, pages - 1);
  const begin = shownPage * pageRows;
  const sort = ({ key, isFigure = false }: Column<Row>) => {
    setOrder(turned(order, key, isFigure));
    setPage(0);
  };
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div
        className="overflow-x-auto rounded-box border border-line bg-surface"
        role="region"
        aria-label={caption}
        tabIndex={0}
      >
        <table className="w-full border-collapse text-sm" data-testid={rest.testId}>
          <caption className="sr-only">{caption}</caption>
          <SortedHead columns={columns} order={order} onSort={sort} />
          <tbody>
            {all.slice(begin, begin + pageRows).map((row, index) => (
              <tr key={rowKey(row, begin + index)} className="border-t border-line" {...rest.rowData?.(row)}>
                {columns.map(({ key, cell, isFigure = false, shownFrom = "" }) => (
                  <td
                    key={key}
                    data-column={key}
                    className={`px-2 py-1.5 align-top ${isFigure ? "text-right whitespace-nowrap tabular-nums" : ""} ${shownFrom}`}
                  >
                    {cell(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {pages > 1 && (
        <div className="text-sm text-quiet">
          <Pager of={caption} page={shownPage} pages={pages} onTurn={setPage} />
        </div>
      )}
    </div>
  );
}
