"use client";

import { useState } from "react";

import type { Evaluation, EvaluationRate } from "@/lib/wire";

import { formatDateAndTime, formatDuration } from "../../_chat/format";
import { useEvaluations } from "../../_analytics/use-evaluations";
import { formatCount } from "../../_analytics/words";
import { EvaluationDecisions } from "./EvaluationDecisions";
import { Mark } from "./Mark";

/** What `npm run eval` has found; the last evaluation, and those before it to choose from. */
export function Evaluations() {
  const evaluations = useEvaluations();
  if (evaluations === null) return null;
  return <EvaluationsView evaluations={evaluations} />;
}

export function EvaluationsView({ evaluations }: { evaluations: readonly Evaluation[] }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const shown = evaluations.find(({ id }) => id === chosen) ?? evaluations[0];
  return (
    <section aria-labelledby="evaluations-title" className="flex flex-col gap-2" data-testid="evaluations">
      <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <h2 id="evaluations-title" className="text-lg font-semibold">
          Evaluations
        </h2>
        {evaluations.length > 1 && (
          <select
            aria-label="Evaluation"
            className="h-8 max-w-full min-w-0 rounded-control border border-field-line bg-surface px-2 text-sm"
            value={shown?.id}
            onChange={(event) => setChosen(event.target.value)}
          >
            {evaluations.map((one) => (
              <option key={one.id} value={one.id}>
                {formatDateAndTime(one.began_at)}, {responseOf(one)}
              </option>
            ))}
          </select>
        )}
      </div>
      {shown === undefined ? (
        <p className="text-sm text-quiet">
          None yet. <code className="font-mono text-xs">npm run eval</code> asks the models questions that they were not
          trained on.
        </p>
      ) : (
        <EvaluationView evaluation={shown} />
      )}
    </section>
  );
}

function EvaluationView({ evaluation }: { evaluation: Evaluation }) {
  const { began_at: began, took_ms: took, cases, turns, measure, rates, speed, failures } = evaluation;
  const unanswered = failures.reduce((sum, { count }) => sum + count, 0);
  const first = speed.first_token_ms;
  return (
    <>
      <p className="text-sm wrap-anywhere text-quiet">
        <time dateTime={new Date(began).toISOString()}>{formatDateAndTime(began)}</time>:{" "}
        {evaluation.models.map(({ role, ...model }) => `${role}: ${nameOf(model)}`).join(", ")}. {formatCount(cases)}{" "}
        cases in {formatCount(turns)} turns, {formatDuration(took)}.
        {unanswered > 0 && ` Without an answer: ${formatCount(unanswered)}.`}
        {first !== null && ` First text after ${formatDuration(first.p50)} in half of the turns.`}
      </p>
      <div
        role="region"
        aria-label="Results of the evaluation"
        tabIndex={0}
        className="overflow-x-auto rounded-box border border-line bg-surface text-sm"
      >
        <table className="w-full border-collapse" data-testid="evaluation">
          <thead>
            <tr className="bg-raised">
              <th scope="col" className="px-2 py-1 text-left">
                Measured
              </th>
              {["Share", "Of", "95 % interval", "Goal"].map((name) => (
                <th key={name} scope="col" className="px-2 py-1 text-right whitespace-nowrap">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rates.map((rate) => (
              <RateRow key={rate.name} rate={rate} />
            ))}
          </tbody>
        </table>
      </div>
      <p className="text-sm text-quiet">
        {measure === "taught"
          ? "Answers are compared with the words that the model was taught; one wrong word among many can pass."
          : "Answers are compared with the facts of their topic: that every sentence is true, this cannot tell."}
      </p>
      <EvaluationDecisions decisions={evaluation.decisions} />
    </>
  );
}

function RateRow({ rate: { name, label, goal, passed, n, low, high } }: { rate: EvaluationRate }) {
  const figure = "px-2 py-1 text-right whitespace-nowrap tabular-nums";
  return (
    <tr className="border-t border-line" data-rate={name}>
      <th
        scope="row"
        className={`min-w-40 px-2 py-1 text-left font-normal first-letter:uppercase ${label.startsWith(" ") ? "pl-5" : ""}`}
      >
        {label.trim()}
      </th>
      <td className={figure}>{n === 0 ? "–" : <data value={passed / n}>{percent(passed / n)}</data>}</td>
      <td className={figure}>
        {formatCount(passed)} of {formatCount(n)}
      </td>
      <td className={figure}>
        {percent(low)} to {percent(high)}
      </td>
      <td className={figure}>
        {goal !== null && (
          <Mark tone={passed >= n * goal ? "good" : "bad"}>
            {percent(goal)} {passed >= n * goal ? "reached" : "missed"}
          </Mark>
        )}
      </td>
    </tr>
  );
}

function nameOf({ id, parameters }: Pick<Evaluation["models"][number], "id" | "parameters">): string {
  return parameters === null ? id : `${id} (${(parameters / 1e6).toFixed(1)} million parameters)`;
}

function responseOf({ models }: Evaluation): string {
  return models.find(({ role }) => role === "response")?.id ?? "no model";
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
