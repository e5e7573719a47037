import type { ChartConfiguration } from "chart.js";
import { useEffect, useEffectEvent, useRef, useState, type RefObject } from "react";

import type { ChartTheme } from "../answer/chart-colours";
import { readTheme, watchTheme } from "../answer/chart-theme";
import type { DrawnFigure, FigureType } from "./draw-figure";

export interface UsedFigure {
  /** The element whose colours and size the figure takes. */
  frame: RefObject<HTMLDivElement | null>;
  canvas: RefObject<HTMLCanvasElement | null>;
  /** The drawing could not be loaded. */
  hasFailed: boolean;
}

/**
 * Keeps a figure drawn on a canvas: the same drawing for every change of its numbers and of the theme.
 *
 * @param settings how it is drawn in a theme; another function is another figure
 */
export function useFigure<Type extends FigureType>(
  settings: (theme: ChartTheme) => ChartConfiguration<Type>,
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
      const { drawFigure } = await import("./draw-figure");
      if (isOver || frame.current === null || canvas.current === null) return;
      if (drawing.current !== null) return redraw();
      drawing.current = drawFigure(canvas.current, settings(readTheme(frame.current)));
    };
    draw().catch(() => isOver || setFailed(true));
    return () => {
      isOver = true;
    };
  }, [settings]);

  useEffect(() => {
    const stopWatching = watchTheme(() => redraw());
    return () => {
      stopWatching();
      drawing.current?.destroy();
      drawing.current = null;
    };
  }, []);

  return { frame, canvas, hasFailed };
}
