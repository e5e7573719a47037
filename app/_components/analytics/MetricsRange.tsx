import { useMemo } from "react";

import { metricsCharts } from "../../_analytics/metrics-charts";
import type { MetricsView } from "../../_analytics/metrics-view";
import { stepOf, timeWords } from "../../_analytics/metrics-words";
import { useMetrics } from "../../_analytics/use-metrics";
import { MetricsChartView } from "./MetricsChartView";
import { MetricsFigures } from "./MetricsFigures";
import { MetricsProblem } from "./MetricsProblem";

interface MetricsRangeProps {
  view: MetricsView;
  onChange: (change: Partial<MetricsView>) => void;
  /** Another token was given. */
  onToken: () => void;
}

/** The figures and charts of one range of time. Key it by what is asked of the server. */
export function MetricsRange({ view, onChange, onToken }: MetricsRangeProps) {
  const { range, by, smoothing, log } = view;
  const { summary, problem } = useMetrics(range, by);
  const charts = useMemo(() => (summary === null ? [] : metricsCharts(summary)), [summary]);
  const keys = useMemo(() => (summary === null ? [] : summary.groups.map(({ key }) => key)), [summary]);
  const whole = useMemo(() => wholeOf(summary ?? { from: 0, to: 0 }, by === "hour" ? "hour" : "day"), [summary, by]);
  return (
    <>
      {problem !== null && <MetricsProblem problem={problem} isStale={summary !== null} onToken={onToken} />}
      {summary === null && problem === null && <p className="text-quiet">The figures are being read.</p>}
      {summary !== null && (
        <>
          <MetricsFigures total={summary.total} />
          <p className="text-xs text-quiet">
            Since {timeWords(summary.from, "hour", 0)} UTC.
            {by !== "model" &&
              keys.length > 0 &&
              ` Days and hours are those of UTC; ${by === "day" ? "a day" : "an hour"} without a turn has no point. Draw out a stretch of a chart with the mouse to see it larger.`}
          </p>
          {keys.length === 0 ? (
            <p data-testid="no-turns">No turns in this time.</p>
          ) : (
            <div className="grid min-w-0 gap-4 lg:grid-cols-2">
              {charts.map((chart) => (
                <MetricsChartView
                  key={chart.id}
                  chart={chart}
                  keys={keys}
                  by={by}
                  whole={whole}
                  smoothing={smoothing}
                  isLog={log.includes(chart.id)}
                  onLog={(isLog) => onChange({ log: isLog ? [...log, chart.id] : log.filter((id) => id !== chart.id) })}
                />
              ))}
            </div>
          )}
        </>
      )}
    </>
  );
}

/** The time axis, with half a step of room at both ends for the points there. */
function wholeOf({ from, to }: { from: number; to: number }, by: "day" | "hour") {
  const step = stepOf(by);
  const bucketOf = (moment: number): number => Math.floor(moment / step) * step;
  return { min: bucketOf(from) - step / 2, max: bucketOf(Math.max(from, to - 1)) + step / 2 };
}
