import { bytes as large, printable } from "./output";

export function part(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, ...lines];
}

export function more(count: number, what: string): string[] {
  return count > 0 ? [`... and ${count} more ${what}: --top NUMBER shows more`] : [];
}

/** A source file has kilobytes, where a model has gigabytes. */
export function bytes(count: number): string {
  return count > 0 && count < 1e6 ? `${(count / 1e3).toFixed(1)} kB` : large(count);
}

/** Columns of figures stand to the right. */
export function table(rows: readonly string[][], figureColumns: readonly number[]): string[] {
  const cells = rows.map((row) => row.map(printable));
  const widths = (cells[0] ?? []).map((_, column) =>
    cells.reduce((most, row) => Math.max(most, row[column]?.length ?? 0), 0),
  );
  return cells.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return figureColumns.includes(column) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
}
