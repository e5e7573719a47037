import {
  ArcElement,
  BarController,
  BarElement,
  CategoryScale,
  Chart as Drawing,
  LinearScale,
  LineController,
  LineElement,
  PieController,
  PointElement,
  Tooltip,
} from "chart.js";

import type { ChartType } from "@/lib/wire";

import type { ChartTheme } from "./chart-colours";
import { chartSettings, type ChartSettings } from "./chart-settings";
import { legendEntries } from "./chart-words";
import type { Chart } from "./read-chart";
import { takePicture } from "./take-picture";

/*
 * Brings Chart.js along, and of it what three kinds of chart need. It is fetched when the first chart is shown.
 */

Drawing.register(ArcElement, BarController, BarElement, CategoryScale, LinearScale);
Drawing.register(LineController, LineElement, PieController, PointElement, Tooltip);

/** A chart on a canvas. */
export interface DrawnChart {
  /** Draws another chart, or the same in another theme. */
  update(chart: Chart, theme: ChartTheme): void;
  destroy(): void;
}

/** Draws a chart; it keeps to the size of the element around the canvas until it is destroyed. */
export function drawChart(canvas: HTMLCanvasElement, chart: Chart, theme: ChartTheme): DrawnChart {
  let { type } = chart;
  let drawing = create(canvas, chartSettings(chart, theme));
  return {
    update(next, nextTheme) {
      const settings = chartSettings(next, nextTheme);
      if (next.type !== type) {
        drawing.destroy();
        drawing = create(canvas, settings);
        ({ type } = next);
        return;
      }
      drawing.data = settings.data;
      if (settings.options) drawing.options = settings.options;
      drawing.update("none");
    },
    destroy: () => drawing.destroy(),
  };
}

const MOST_LEGEND_CHARACTERS = 40;

/**
 * A chart as a PNG of 1,600 x 1,000 pixels, title, legend and ground included, whatever the size of the window.
 *
 * @throws Error when the browser makes no picture
 */
export function pictureOf(chart: Chart, theme: ChartTheme): Promise<Blob> {
  const settings = chartSettings(chart, theme);
  const isPie = chart.type === "pie";
  const entries = legendEntries(chart, MOST_LEGEND_CHARACTERS);
  const legend = entries.length === 0 ? false : isPie ? "right" : "bottom";
  return takePicture({ ...settings, data: withNames(settings.data, entries, isPie) }, theme, {
    title: chart.title,
    legend,
  });
}

/** The legend names slices by their labels, and series by their own. */
function withNames(data: ChartSettings["data"], names: readonly string[], isPie: boolean): ChartSettings["data"] {
  if (isPie) return { ...data, labels: [...names] };
  const datasets = data.datasets.map((dataset, index) => ({ ...dataset, label: names[index] ?? "" }));
  return { ...data, datasets };
}

/** The library's types know a chart of one kind or of any, and none of three. */
function create(canvas: HTMLCanvasElement, settings: ChartSettings): Drawing<ChartType, number[], string> {
  return new Drawing<ChartType, number[], string>(canvas, settings);
}
