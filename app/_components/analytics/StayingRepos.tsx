import type { PlanItem, RepoEntry } from "../../_analytics/cache-contract";
import { counted } from "../../_analytics/words";
import { Bytes } from "./Bytes";

const MOST_ROWS = 200;

/** The repositories that a plan leaves, whole or in part, the largest first. */
export function StayingRepos({ repos, items }: { repos: readonly RepoEntry[]; items: readonly PlanItem[] }) {
  const nameOf = ({ repo_type, repo_id }: Pick<PlanItem, "repo_type" | "repo_id">) => `${repo_type}/${repo_id}`;
  const whole = new Set(items.filter(({ kind }) => kind === "repo").map(nameOf));
  const touched = new Set(items.map(nameOf));
  const staying = repos
    .filter((repo) => !whole.has(nameOf(repo)))
    .sort((left, right) => right.size_on_disk - left.size_on_disk);
  return (
    <details data-testid="staying">
      <summary>
        {staying.length} of {counted(repos.length, "repository", "repositories")}{" "}
        {staying.length === 1 ? "stays" : "stay"}
      </summary>
      <ul className="mt-1 max-h-48 overflow-y-auto pl-4" tabIndex={0} aria-label="Repositories that stay">
        {staying.slice(0, MOST_ROWS).map((repo) => (
          <li key={nameOf(repo)} className="wrap-anywhere">
            {nameOf(repo)} <Bytes bytes={repo.size_on_disk} />
            {touched.has(nameOf(repo)) && <span className="text-quiet"> now, in part</span>}
          </li>
        ))}
        {staying.length > MOST_ROWS && <li>and {staying.length - MOST_ROWS} more</li>}
      </ul>
    </details>
  );
}
