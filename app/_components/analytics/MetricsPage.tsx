"use client";

import { useState } from "react";

import { useMetricsView } from "../../_analytics/use-metrics-view";
import { Evaluations } from "./Evaluations";
import { MetricsControls } from "./MetricsControls";
import { MetricsRange } from "./MetricsRange";
import { Runs } from "./Runs";

/** What turns were like: how many, how fast, how they ended, what was decided; and each of them. */
export function MetricsPage() {
  const [view, change] = useMetricsView();
  const [tokens, setTokens] = useState(0);
  if (view === null) return <p className="text-quiet">The figures are being read.</p>;
  const giveToken = () => setTokens(tokens + 1);
  return (
    <div className="flex flex-col gap-4">
      <MetricsControls view={view} onChange={change} />
      <MetricsRange key={`${view.range} ${view.by} ${tokens}`} view={view} onChange={change} onToken={giveToken} />
      <Runs key={`runs ${tokens}`} onToken={giveToken} />
      <Evaluations key={`evaluations ${tokens}`} />
    </div>
  );
}
