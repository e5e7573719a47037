import type { ChartTheme } from "./chart-colours";
import { fileNameOf } from "./chart-words";
import type { Chart } from "./read-chart";

/** Hands the visitor a chart as a PNG file. Rejects when the browser makes no picture. */
export async function saveChart(chart: Chart, theme: ChartTheme): Promise<void> {
  const { pictureOf } = await import("./draw-chart");
  const address = URL.createObjectURL(await pictureOf(chart, theme));
  const link = document.createElement("a");
  link.href = address;
  link.download = fileNameOf(chart.title);
  link.click();
  // The download has its own hold of the data once it has begun; Safari begins it after the click's task.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
