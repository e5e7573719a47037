import { nextOrder, SORT_KEYS, type Order, type SortKey } from "../../_analytics/row-order";
import { COLUMN_NAMES } from "./columns";

/** Sorting where there is no room for all the columns. */
export function SortSelect({ order, onSort }: { order: Order; onSort: (order: Order) => void }) {
  return (
    <label className="flex items-center gap-1.5 text-sm text-quiet md:hidden">
      Sort by
      <select
        className="h-8 rounded-control border border-field-line bg-surface px-1 text-ink"
        value={order.key}
        onChange={(event) => onSort(nextOrder({ ...order, key: "id" }, event.target.value as SortKey))}
      >
        {SORT_KEYS.map((key) => (
          <option key={key} value={key}>
            {COLUMN_NAMES[key]}
          </option>
        ))}
      </select>
    </label>
  );
}
