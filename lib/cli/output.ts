import { formatBytes } from "../config";

/** How results are written: JSON for programs, tables for people; always to standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

export function printTable(rows: string[][]): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of rows)
    process.stdout.write(
      `${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd()}\n`,
    );
}

/** Bytes for people, in powers of 1000; "-" when there are none to tell. */
export function bytes(count: number | null | undefined): string {
  return count == null ? "-" : formatBytes(count);
}
