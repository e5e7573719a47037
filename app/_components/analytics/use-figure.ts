import type { ChartConfiguration } from "chart.js";
import { useEffect, useEffectEvent, useRef, useState, type RefObject } from "react";

import type { ChartTheme } from "../answer/chart-colours";
import { readTheme, watchTheme } from "../answer/chart-theme";
import type { PictureWords } from "../answer/take-picture";
import type { DrawnFigure, FigureType } from "./draw-figure";

export interface UsedFigure {
  /** The element whose colours and size the figure takes. */
  frame: RefObject<HTMLDivElement | null>;
  canvas: RefObject<HTMLCanvasElement | null>;
  /** The drawing could not be loaded. */
  hasFailed: boolean;
  /** The figure as a PNG, as it is drawn now. Rejects when the browser makes none. */
  takePicture: (words: PictureWords) => Promise<Blob>;
}

/**
 * Keeps a figure drawn on a canvas: the same drawing for every change of its numbers and of the theme.
 *
 * @param settings how it is drawn in a theme; another function is another figure
 * @param canZoom brings along what lets a stretch of it be drawn out; the settings say how
 */
export function useFigure<Type extends FigureType>(
  settings: (theme: ChartTheme) => ChartConfiguration<Type>,
  canZoom = false,
): UsedFigure {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawing = useRef<DrawnFigure<Type> | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const redraw = useEffectEvent(() => {
    if (frame.current !== null) drawing.current?.update(settings(readTheme(frame.current)));
  });

  useEffect(() => {
    let isOver = false;
    const draw = async (): Promise<void> => {
      const [{ drawFigure }, zoom] = await Promise.all([
        import("./draw-figure"),
        canZoom ? import("chartjs-plugin-zoom") : null,
      ]);
      if (isOver || frame.current === null || canvas.current === null) return;
      if (drawing.current !== null) return redraw();
      const plugins = zoom === null ? [] : [zoom.default];
      drawing.current = drawFigure(canvas.current, settings(readTheme(frame.current)), plugins);
    };
    draw().catch(() => isOver || setFailed(true));
    return () => {
      isOver = true;
    };
  }, [settings, canZoom]);

  useEffect(() => {
    const stopWatching = watchTheme(() => redraw());
    return () => {
      stopWatching();
      drawing.current?.destroy();
      drawing.current = null;
    };
  }, []);

  const takePicture = async (words: PictureWords): Promise<Blob> => {
    const { pictureOf } = await import("./draw-figure");
    if (frame.current === null) throw new Error("The chart is not shown any more.");
    const theme = readTheme(frame.current);
    return pictureOf(settings(theme), theme, words);
  };

  return { frame, canvas, hasFailed, takePicture };
}
