import type { PlanItem } from "../../_analytics/cache-contract";
import { counted } from "../../_analytics/words";
import { Bytes } from "./Bytes";

const MOST_ROWS = 200;

const KINDS: Record<PlanItem["kind"], string> = {
  repo: "repository",
  revision: "revision",
  file: "file",
  incomplete: "incomplete download",
  unused_blob: "unused blob",
  shared_blob: "shared blob",
  leftover: "left by a cut-off cleaning",
};

/** What a plan removes, piece by piece. A long list scrolls by itself, by keyboard too. */
export function PlanItems({ items }: { items: readonly PlanItem[] }) {
  const head = "sticky top-0 bg-raised px-2 py-1 font-semibold";
  return (
    <div
      role="region"
      aria-label="What would go"
      tabIndex={0}
      className="max-h-72 overflow-auto rounded-control border border-line bg-surface"
    >
      <table className="w-full border-collapse">
        <thead>
          <tr>
            <th scope="col" className={`${head} text-left`}>
              What
            </th>
            <th scope="col" className={`${head} text-right`}>
              Frees
            </th>
            <th scope="col" className={`${head} text-left`}>
              Why
            </th>
          </tr>
        </thead>
        <tbody>
          {items.slice(0, MOST_ROWS).map((item) => (
            <tr key={`${item.kind} ${item.paths[0]}`} className="border-t border-line" data-testid="plan-item">
              <td className="px-2 py-1 align-top">
                <span className="text-quiet">{KINDS[item.kind]}</span>{" "}
                <span className="wrap-anywhere">{nameOf(item)}</span>
              </td>
              <td className="px-2 py-1 text-right align-top whitespace-nowrap">
                <Bytes bytes={item.freed_size} />
              </td>
              <td className="px-2 py-1 align-top text-quiet">{item.reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {items.length > MOST_ROWS && (
        <p className="px-2 py-1 text-quiet">and {counted(items.length - MOST_ROWS, "more", "more")}</p>
      )}
    </div>
  );
}

/** `ORG/NAME 0123456789ab model.gguf`; of what is nobody's, the end of its path. */
export function nameOf({ repo_id, commit_hash, file, paths }: PlanItem): string {
  const parts = [repo_id, commit_hash?.slice(0, 12), file].filter((part) => part != null);
  return parts.length > 0 ? parts.join(" ") : (paths[0]?.split("/").slice(-2).join("/") ?? "");
}
