import type { ReactNode } from "react";

interface NumberTableProps {
  title: string;
  /** What the rows are. */
  corner: ReactNode;
  columns: readonly string[];
  /** A row for each label, with a cell for each column. */
  rows: readonly { label: ReactNode; cells: readonly ReactNode[] }[];
  /** Of the region that scrolls: how high it may be. */
  height: string;
  /** Of the labels: where they may break. */
  labels: string;
}

/** A chart's numbers for who does not see it. A long table scrolls by itself, by keyboard too. */
export function NumberTable({ title, corner, columns, rows, height, labels }: NumberTableProps) {
  const head = "sticky top-0 bg-raised px-2 py-1 font-semibold";
  return (
    <div
      role="region"
      aria-label={`Table: ${title}`}
      tabIndex={0}
      className={`mt-2 ${height} overflow-auto rounded-control border border-line`}
    >
      <table className="w-full border-collapse text-sm">
        <caption className="sr-only">{title}</caption>
        <thead>
          <tr>
            <th scope="col" className={`${head} text-left`}>
              {corner}
            </th>
            {columns.map((name, column) => (
              <th key={column} scope="col" className={`${head} text-right`}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, cells }, row) => (
            <tr key={row} className="border-t border-line">
              <th scope="row" className={`px-2 py-1 text-left font-normal ${labels}`}>
                {label}
              </th>
              {cells.map((cell, column) => (
                <td key={column} className="px-2 py-1 text-right whitespace-nowrap tabular-nums">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
