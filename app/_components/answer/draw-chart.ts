import {
  ArcElement,
  BarController,
  BarElement,
  CategoryScale,
  Chart as Drawing,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PieController,
  PointElement,
  Title,
  Tooltip,
} from "chart.js";

import type { ChartType } from "@/lib/wire";

import type { ChartTheme } from "./chart-colours";
import { chartSettings, fontOf, type ChartSettings } from "./chart-settings";
import { legendEntries, wrap } from "./chart-words";
import type { Chart } from "./read-chart";

/*
 * The only file that brings Chart.js along, and of it what three kinds of chart need. It is fetched when the first chart is
 * shown.
 */

Drawing.register(ArcElement, BarController, BarElement, CategoryScale, Legend, LinearScale);
Drawing.register(LineController, LineElement, PieController, PointElement, Title, Tooltip);

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

/** In CSS pixels; a picture has two of its own for each. */
const PICTURE = { width: 800, height: 500, scale: 2 };
const MOST_LEGEND_CHARACTERS = 40;

/**
 * A chart as a PNG of 1,600 x 1,000 pixels, title, legend and ground included, whatever the size of the window.
 *
 * @throws Error when the browser makes no picture
 */
export async function pictureOf(chart: Chart, theme: ChartTheme): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = PICTURE.width;
  canvas.height = PICTURE.height;
  const settings = chartSettings(chart, theme);
  const colour = theme.ink;
  const isPie = chart.type === "pie";
  const entries = legendEntries(chart, MOST_LEGEND_CHARACTERS);
  const drawing = create(canvas, {
    ...settings,
    data: withNames(settings.data, entries, isPie),
    options: {
      ...settings.options,
      responsive: false,
      devicePixelRatio: PICTURE.scale,
      layout: { padding: 16 },
      plugins: {
        title: { display: true, text: wrap(chart.title, 80), color: colour, font: fontOf(theme, 18) },
        legend: {
          display: entries.length > 0,
          position: isPie ? "right" : "bottom",
          labels: { color: colour, font: fontOf(theme), boxWidth: 14 },
        },
      },
    },
    plugins: [{ id: "ground", beforeDraw: ({ ctx, width, height }) => fill(ctx, theme.ground, { width, height }) }],
  });
  try {
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    if (blob === null) throw new Error("This browser made no picture of the chart.");
    return blob;
  } finally {
    drawing.destroy();
  }
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

function fill(context: CanvasRenderingContext2D, colour: string, size: { width: number; height: number }): void {
  context.save();
  context.fillStyle = colour;
  context.fillRect(0, 0, size.width, size.height);
  context.restore();
}
