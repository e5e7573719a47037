import { formatCount } from "../../_analytics/words";
import type { StoragePlan } from "../../_storage/contract";
import { Size } from "./Size";

const MOST_ROWS = 100;

interface KeptListProps {
  /** Reads on from how many they are. */
  title: string;
  list: StoragePlan["kept"];
}

/** What a plan leaves where it is, and why. */
export function KeptList({ title, list: { entries, count } }: KeptListProps) {
  if (count === 0) return null;
  const shown = entries.slice(0, MOST_ROWS);
  return (
    <details className="text-sm">
      <summary>
        {formatCount(count)} {title}
      </summary>
      <ul
        className="mt-1 max-h-60 overflow-y-auto rounded-control border border-line px-2 py-1"
        tabIndex={0}
        aria-label={`What of the plan ${title}`}
      >
        {shown.map(({ path, apparent_size: size, why }, index) => (
          <li key={index} className="wrap-anywhere whitespace-pre-wrap">
            {path} <Size bytes={size} /> <span className="text-quiet">{why}</span>
          </li>
        ))}
        {count > shown.length && <li className="text-quiet">and {formatCount(count - shown.length)} more</li>}
      </ul>
    </details>
  );
}
