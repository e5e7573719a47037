/** What a table is sorted by. */
export interface TableOrder {
  key: string;
  isDescending: boolean;
}

/** Rows in an order; of two that are the same in it the one that stood first stays first. Pure. */
export function sorted<Row>(
  rows: readonly Row[],
  value: (row: Row) => number | string,
  isDescending: boolean,
): readonly Row[] {
  const sign = isDescending ? -1 : 1;
  const values = new Map(rows.map((row) => [row, value(row)]));
  return [...rows].sort((left, right) => sign * compare(values.get(left) ?? 0, values.get(right) ?? 0));
}

function compare(left: number | string, right: number | string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

/** The order that a click on a column asks for: the other way round when it is sorted by it already. Pure. */
export function turned(order: TableOrder, key: string, startsDescending: boolean): TableOrder {
  return { key, isDescending: order.key === key ? !order.isDescending : startsDescending };
}
