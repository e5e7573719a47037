import { useEffect, useEffectEvent, useRef, useState, type RefObject } from "react";

import { readTheme, watchTheme } from "./chart-theme";
import type { DrawnChart } from "./draw-chart";
import type { Chart } from "./read-chart";

/** Beyond it the numbers are shown instead; the drawing still takes their place when it comes. In ms. */
const PATIENCE = 15_000;

export interface UsedDrawing {
  /** The element whose colours and size the drawing takes. */
  frame: RefObject<HTMLDivElement | null>;
  canvas: RefObject<HTMLCanvasElement | null>;
  state: "loading" | "drawn" | "failed";
}

/** Keeps a chart drawn on a canvas: the same drawing for every change of its numbers and of the theme. */
export function useDrawing(chart: Chart | null): UsedDrawing {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawing = useRef<DrawnChart | null>(null);
  const [state, setState] = useState<UsedDrawing["state"]>("loading");
  const redraw = useEffectEvent(() => {
    if (chart !== null && frame.current !== null) drawing.current?.update(chart, readTheme(frame.current));
  });

  useEffect(() => {
    const stopWatching = watchTheme(() => redraw());
    return () => {
      stopWatching();
      drawing.current?.destroy();
      drawing.current = null;
    };
  }, []);

  useEffect(() => {
    if (chart === null) return;
    let isOver = false;
    const draw = async (): Promise<void> => {
      const { drawChart } = await import("./draw-chart");
      if (isOver || frame.current === null || canvas.current === null) return;
      const theme = readTheme(frame.current);
      if (drawing.current === null) drawing.current = drawChart(canvas.current, chart, theme);
      else drawing.current.update(chart, theme);
      setState("drawn");
    };
    const giveUp = (): void => {
      if (!isOver && drawing.current === null) setState("failed");
    };
    draw().catch(giveUp);
    const timer = setTimeout(giveUp, PATIENCE);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [chart]);

  return { frame, canvas, state };
}
