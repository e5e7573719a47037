import type { ServerRefusal } from "../../_analytics/ask-server";
import { TokenForm } from "./TokenForm";

interface MetricsProblemProps {
  problem: ServerRefusal;
  /** There are figures from before. */
  isStale: boolean;
  onToken: () => void;
}

/** Why the figures cannot be read; where the server's owner can show who he is, the field for it. */
export function MetricsProblem({ problem, isStale, onToken }: MetricsProblemProps) {
  if (problem.code === "admin_only" && problem.fields.accepts_token === true)
    return <TokenForm words="These figures are for the server's owner." onToken={onToken} />;
  return (
    <p
      role="alert"
      className="rounded-box border border-bad-line bg-bad-soft px-3 py-2 wrap-anywhere text-bad"
      data-testid="problem"
    >
      {problem.message}
      {isStale && " What is shown below was read before."}
    </p>
  );
}
