import type { ChartDataset } from "chart.js";

import { timeOfKey } from "../../_analytics/metrics-words";
import { drawable, type DrawnMetrics } from "./metrics-drawing";

export type Line = ChartDataset<"line", { x: number; y: number }[]>;

/** A part of the time axis, in ms since 1970. */
export interface Stretch {
  min: number;
  max: number;
}

export interface DrawnLines extends DrawnMetrics {
  by: "day" | "hour";
  smoothing: number;
  /** The whole time axis. */
  whole: Stretch;
  /** What is shown of it; null: all. */
  zoom: Stretch | null;
  onZoom: (stretch: Stretch) => void;
}

/** Figures as points, without those that have none. Pure. */
export function pointsOf(
  { keys, by, isLog }: Pick<DrawnLines, "keys" | "by" | "isLog">,
  figures: readonly (number | null)[],
): { x: number; y: number }[] {
  return figures.flatMap((figure, at) => {
    const y = drawable(figure, isLog);
    return y === null ? [] : [{ x: timeOfKey(keys[at] ?? "", by), y }];
  });
}
