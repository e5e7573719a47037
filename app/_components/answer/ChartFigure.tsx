"use client";

import { useId, useMemo, useState } from "react";

import { ChartLegend } from "./ChartLegend";
import { ChartTable } from "./ChartTable";
import { readTheme } from "./chart-theme";
import { Problem } from "./Problem";
import { drawingProblem, readChart, type Chart } from "./read-chart";
import { saveChart } from "./save-chart";
import { useDrawing } from "./use-drawing";

/**
 * A chart of the agent's, drawn or as a table. What is not a chart becomes a note that says so.
 *
 * @param props.chart the display of `create_graph`, as it came
 */
export function ChartFigure({ chart }: { chart: unknown }) {
  // A streaming message is copied with every piece of it: the same chart must not be drawn again each time.
  const written = JSON.stringify(chart) ?? "null";
  const read = useMemo(() => readChart(JSON.parse(written)), [written]);
  if (read === null) return <Problem>The chart cannot be shown: its data is not whole. Ask for it again.</Problem>;
  return <Figure chart={read} />;
}

function Figure({ chart }: { chart: Chart }) {
  const id = useId();
  const problem = drawingProblem(chart);
  const [wantsTable, setWantsTable] = useState(false);
  const [saveProblem, setSaveProblem] = useState<string | null>(null);
  const { frame, canvas, state } = useDrawing(problem === null ? chart : null);
  const isTable = wantsTable || problem !== null || state === "failed";
  const save = () => {
    if (frame.current === null) return;
    setSaveProblem(null);
    saveChart(chart, readTheme(frame.current)).catch(() => setSaveProblem("This browser could not save the picture."));
  };
  return (
    <figure
      className="w-full min-w-0 rounded-box border border-line bg-surface p-3"
      aria-labelledby={id}
      data-testid="chart"
    >
      <figcaption>
        <p id={id} className="font-semibold wrap-anywhere">
          {chart.title}
        </p>
        {chart.context !== "" && <p className="mt-0.5 text-sm wrap-anywhere text-quiet">{chart.context}</p>}
      </figcaption>
      <div hidden={isTable}>
        <div ref={frame} className="relative mt-2 h-64 min-w-0 border-line bg-surface text-quiet sm:h-80">
          <canvas ref={canvas} role="img" aria-labelledby={id} aria-describedby={`${id}-words`} />
          {state === "loading" && (
            <p className="absolute inset-0 grid place-items-center text-sm">Loading the chart&apos;s drawing</p>
          )}
        </div>
        <ChartLegend chart={chart} />
      </div>
      <p id={`${id}-words`} className="sr-only">
        {chart.description}
      </p>
      {problem !== null && <p className="mt-2 text-sm text-bad">{problem}</p>}
      {state === "failed" && (
        <p className="mt-2 text-sm text-bad">The drawing could not be loaded: here are the numbers.</p>
      )}
      {isTable && <ChartTable chart={chart} />}
      {problem === null && (
        <div className="mt-2 flex flex-wrap items-center gap-2">
          <button
            type="button"
            className="button-quiet aria-pressed:border-accent aria-pressed:text-accent"
            aria-pressed={isTable}
            disabled={state === "failed"}
            onClick={() => setWantsTable(!wantsTable)}
          >
            Table
          </button>
          <button type="button" className="button-quiet" disabled={state !== "drawn"} onClick={save}>
            Save as PNG
          </button>
          <span role="status" className="text-sm text-bad">
            {saveProblem}
          </span>
        </div>
      )}
    </figure>
  );
}
