import {
  BarController,
  BarElement,
  CategoryScale,
  Chart as Drawing,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
  type ChartConfiguration,
} from "chart.js";

/*
 * Brings Chart.js along, and of it what the figures of Analytics need. It is fetched when the first one is shown.
 */

Drawing.register(BarController, BarElement, CategoryScale, LinearScale);
Drawing.register(LineController, LineElement, PointElement, Tooltip);

export type FigureType = "bar" | "line";

/** A figure on a canvas. */
export interface DrawnFigure<Type extends FigureType> {
  /** Draws other numbers, or the same in another theme, in its place. */
  update(settings: ChartConfiguration<Type>): void;
  destroy(): void;
}

/** Draws a figure; it keeps to the size of the element around the canvas until it is destroyed. */
export function drawFigure<Type extends FigureType>(
  canvas: HTMLCanvasElement,
  settings: ChartConfiguration<Type>,
): DrawnFigure<Type> {
  const drawing = new Drawing<Type>(canvas, settings);
  return {
    update(next) {
      drawing.data = next.data;
      if (next.options) drawing.options = next.options;
      drawing.update("none");
    },
    destroy: () => drawing.destroy(),
  };
}
