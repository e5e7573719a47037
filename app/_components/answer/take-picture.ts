import { Chart as Drawing, Legend, Title, type ChartConfiguration, type ChartType } from "chart.js";

import type { ChartTheme } from "./chart-colours";
import { fontOf } from "./chart-settings";
import { wrap } from "./chart-words";

Drawing.register(Legend, Title);
// On the page it is a list beside the canvas.
Drawing.defaults.plugins.legend.display = false;

/** In CSS pixels; a picture has two of its own for each. */
const PICTURE = { width: 800, height: 500, scale: 2 };
const MOST_TITLE_CHARACTERS = 80;

export interface PictureWords {
  title: string;
  /** Where the legend stands; false: none. It names the datasets, or the slices of a pie. */
  legend: "bottom" | "right" | false;
  /** In CSS pixels. */
  height?: number;
}

/**
 * A drawing as a PNG of 1,600 pixels in width, title, legend and ground included, whatever the size of the window.
 *
 * @throws Error when the browser makes no picture
 */
export async function takePicture<Type extends ChartType, Data, Label>(
  settings: ChartConfiguration<Type, Data, Label>,
  theme: ChartTheme,
  { title, legend, height = PICTURE.height }: PictureWords,
): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = PICTURE.width;
  canvas.height = height;
  const colour = theme.ink;
  const options = {
    ...settings.options,
    responsive: false,
    devicePixelRatio: PICTURE.scale,
    layout: { padding: 16 },
    plugins: {
      title: { display: true, text: wrap(title, MOST_TITLE_CHARACTERS), color: colour, font: fontOf(theme, 18) },
      legend: {
        display: legend !== false,
        position: legend || "bottom",
        labels: {
          color: colour,
          font: fontOf(theme),
          boxWidth: 14,
          filter: ({ text }: { text: string }) => text !== "",
        },
      },
    },
  };
  const ground = { id: "ground", beforeDraw: (drawing: Drawing) => fill(drawing, theme.ground) };
  const drawing = new Drawing<Type, Data, Label>(canvas, {
    ...settings,
    options,
    plugins: [ground],
  } as unknown as typeof settings);
  try {
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    if (blob === null) throw new Error("This browser made no picture of the chart.");
    return blob;
  } finally {
    drawing.destroy();
  }
}

function fill({ ctx, width, height }: Drawing, colour: string): void {
  ctx.save();
  ctx.fillStyle = colour;
  ctx.fillRect(0, 0, width, height);
  ctx.restore();
}
