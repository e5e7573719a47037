import type { TableOrder } from "../../_storage/sorted";
import type { Column } from "./SortedTable";

interface SortedHeadProps<Row> {
  columns: readonly Column<Row>[];
  order: TableOrder;
  onSort: (column: Column<Row>) => void;
}

/** The columns' names; each that can be sorted by is a button. */
export function SortedHead<Row>({ columns, order, onSort }: SortedHeadProps<Row>) {
  return (
    <thead>
      <tr className="bg-raised">
        {columns.map((column) => {
          const { key, name, value, isFigure = false, shownFrom = "" } = column;
          const isSorted = order.key === key;
          const side = `${isFigure ? "text-right" : "text-left"} ${shownFrom}`;
          if (value === undefined)
            return (
              <th key={key} scope="col" className={`px-2 py-1 font-semibold ${side}`}>
                {name}
              </th>
            );
          return (
            <th
              key={key}
              scope="col"
              aria-sort={!isSorted ? undefined : order.isDescending ? "descending" : "ascending"}
              className={`p-0 ${side}`}
            >
              <button
                type="button"
                className={`inline-flex min-h-8 items-center gap-1 px-2 py-1 font-semibold whitespace-nowrap outline-offset-[-2px] hover:text-accent ${isFigure ? "flex-row-reverse" : ""}`}
                onClick={() => onSort(column)}
              >
                {name}
                <span aria-hidden="true" className={`text-xs ${isSorted ? "" : "invisible"}`}>
                  {order.isDescending ? "▼" : "▲"}
                </span>
              </button>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
