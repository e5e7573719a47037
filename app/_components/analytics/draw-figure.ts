import {
  BarController,
  BarElement,
  CategoryScale,
  Chart as Drawing,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  Tooltip,
  type ChartConfiguration,
  type Plugin,
} from "chart.js";

import type { ChartTheme } from "../answer/chart-colours";
import { takePicture, type PictureWords } from "../answer/take-picture";

/*
 * Brings Chart.js along, and of it what the figures of Analytics need. It is fetched when the first one is shown.
 */

Drawing.register(BarController, BarElement, CategoryScale, LinearScale, LogarithmicScale);
Drawing.register(LineController, LineElement, PointElement, Tooltip);

export type FigureType = "bar" | "line";

/** A figure on a canvas. */
export interface DrawnFigure<Type extends FigureType> {
  /** Draws other numbers, or the same in another theme, in its place. */
  update(settings: ChartConfiguration<Type>): void;
  destroy(): void;
}

/**
 * Draws a figure; it keeps to the size of the element around the canvas until it is destroyed.
 *
 * @param plugins for this figure alone
 */
export function drawFigure<Type extends FigureType>(
  canvas: HTMLCanvasElement,
  settings: ChartConfiguration<Type>,
  plugins: readonly Plugin[] = [],
): DrawnFigure<Type> {
  const drawing = new Drawing<Type>(canvas, { ...settings, plugins: plugins as Plugin<Type>[] });
  return {
    update(next) {
      drawing.data = next.data;
      if (next.options) drawing.options = next.options;
      drawing.update("none");
    },
    destroy: () => drawing.destroy(),
  };
}

/** A figure as a PNG. @throws Error when the browser makes no picture */
export function pictureOf<Type extends FigureType>(
  settings: ChartConfiguration<Type>,
  theme: ChartTheme,
  words: PictureWords,
): Promise<Blob> {
  return takePicture(settings, theme, words);
}
