import { SORT_KEYS, type Order, type SortKey } from "../../_analytics/row-order";
import { COLUMN_CLASSES, COLUMN_NAMES } from "./columns";

interface RepoTableHeadProps {
  order: Order;
  onSort: (key: SortKey) => void;
  /** Of the rows that are shown. */
  isAllPicked: boolean;
  onPickAll: (isPicked: boolean) => void;
}

/** The columns' names, each a button that sorts by it. */
export function RepoTableHead({ order, onSort, isAllPicked, onPickAll }: RepoTableHeadProps) {
  return (
    <thead>
      <tr className="bg-raised">
        <th scope="col" className="w-8 p-0">
          <label className="flex items-center justify-center p-1.5">
            <input
              type="checkbox"
              className="size-4 accent-accent-fill"
              aria-label="Pick all that are shown"
              checked={isAllPicked}
              onChange={(event) => onPickAll(event.target.checked)}
            />
          </label>
        </th>
        {SORT_KEYS.map((key) => {
          const isSorted = order.key === key;
          return (
            <th
              key={key}
              scope="col"
              aria-sort={!isSorted ? undefined : order.isDescending ? "descending" : "ascending"}
              className={`p-0 ${COLUMN_CLASSES[key]}`}
            >
              <button
                type="button"
                className={`inline-flex min-h-8 items-center gap-1 px-2 py-1 font-semibold hover:text-accent ${isRight(key) ? "flex-row-reverse" : ""}`}
                onClick={() => onSort(key)}
              >
                {COLUMN_NAMES[key]}
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

/** The arrow stands where it moves no name away from its column's edge. */
function isRight(key: SortKey): boolean {
  return COLUMN_CLASSES[key].includes("text-right");
}
