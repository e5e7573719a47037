import type { ServerRefusal } from "../../_analytics/ask-server";

/** Why the cache cannot be read; a cache that is not there yet is no error. */
export function CacheProblem({ problem, isStale }: { problem: ServerRefusal; isStale: boolean }) {
  if (problem.code === "cache_not_found") {
    return (
      <p className="rounded-box border border-line bg-surface px-3 py-2 wrap-anywhere" data-testid="no-cache">
        {problem.message}
      </p>
    );
  }
  return (
    <p
      role="alert"
      className="rounded-box border border-bad-line bg-bad-soft px-3 py-2 wrap-anywhere text-bad"
      data-testid="problem"
    >
      Error inspecting cache: {problem.message}
      {isStale && " What is shown below was read before."}
    </p>
  );
}
