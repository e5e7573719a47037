import { useCallback, type ReactNode } from "react";

import type { ChartTheme } from "../answer/chart-colours";
import { metricsBars } from "./metrics-bars";
import type { DrawnMetrics } from "./metrics-drawing";
import { useFigure, type UsedFigure } from "./use-figure";

interface MetricsBarsProps extends DrawnMetrics {
  show: (figure: UsedFigure) => ReactNode;
}

/** Keeps the bars of a chart drawn. */
export function MetricsBars({ chart, keys, by, isLog, hidden, show }: MetricsBarsProps) {
  const settings = useCallback(
    (theme: ChartTheme) => metricsBars({ chart, keys, by, isLog, hidden }, theme),
    [chart, keys, by, isLog, hidden],
  );
  return show(useFigure<"bar">(settings));
}
