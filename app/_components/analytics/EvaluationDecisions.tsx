import type { Evaluation } from "@/lib/wire";

import { formatCount } from "../../_analytics/words";

const BY = { model: "model", rule: "rule", known: "known without asking" };

/** Each question that a turn answers for itself: how often rightly, by whom, and what was taken for what. */
export function EvaluationDecisions({ decisions }: Pick<Evaluation, "decisions">) {
  if (decisions.length === 0) return null;
  return (
    <details className="text-sm" data-testid="evaluation-decisions">
      <summary>Decisions by question</summary>
      <div
        role="region"
        aria-label="Decisions by question"
        tabIndex={0}
        className="mt-1 overflow-x-auto rounded-box border border-line bg-surface"
      >
        <table className="w-full border-collapse">
          <thead>
            <tr className="bg-raised text-left">
              {["Question", "By", "Compared with", "Right", "Mistakes"].map((name) => (
                <th key={name} scope="col" className="px-2 py-1 whitespace-nowrap">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {decisions.map(({ question, source, labels, passed, n, confusion }) => (
              <tr key={`${question} ${source} ${labels}`} className="border-t border-line align-top">
                <th scope="row" className="px-2 py-1 text-left font-normal">
                  {question}
                </th>
                <td className="px-2 py-1">{BY[source]}</td>
                <td className="px-2 py-1">{labels === "composed" ? "what was meant" : "the rules"}</td>
                <td className="px-2 py-1 whitespace-nowrap tabular-nums">
                  {formatCount(passed)} of {formatCount(n)}
                </td>
                <td className="min-w-48 px-2 py-1">
                  {confusion
                    .filter(({ truth, decided }) => truth !== decided)
                    .map(({ truth, decided, count }) => `${truth} taken for ${decided}: ${formatCount(count)}`)
                    .join("; ") || "–"}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
