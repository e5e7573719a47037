import { useCallback, useState, type ReactNode } from "react";

import { timeWords } from "../../_analytics/metrics-words";
import type { ChartTheme } from "../answer/chart-colours";
import { metricsLines } from "./metrics-lines";
import type { DrawnLines, Stretch } from "./metrics-points";
import { useFigure, type UsedFigure } from "./use-figure";

interface MetricsLinesProps extends Omit<DrawnLines, "zoom" | "onZoom"> {
  show: (figure: UsedFigure, more: ReactNode) => ReactNode;
}

/** Keeps the lines of a chart drawn; a stretch of them that is drawn out fills the chart until it is given back. */
export function MetricsLines({ chart, keys, by, isLog, hidden, smoothing, whole, show }: MetricsLinesProps) {
  const [zoom, setZoom] = useState<Stretch | null>(null);
  const settings = useCallback(
    (theme: ChartTheme) =>
      metricsLines({ chart, keys, by, isLog, hidden, smoothing, whole, zoom, onZoom: setZoom }, theme),
    [chart, keys, by, isLog, hidden, smoothing, whole, zoom],
  );
  const figure = useFigure<"line">(settings, true);
  const more = zoom !== null && (
    <>
      <button type="button" className="button-quiet" onClick={() => setZoom(null)}>
        Back<span className="sr-only"> to all of {chart.title}</span>
      </button>
      <span className="text-sm text-quiet" role="status">
        {`${timeWords(zoom.min, by, 0)} to ${timeWords(zoom.max, by, 0)} UTC`}
      </span>
    </>
  );
  return show(figure, more);
}
