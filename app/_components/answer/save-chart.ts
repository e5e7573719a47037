import { saveFile } from "../../_chat/save-file";
import type { ChartTheme } from "./chart-colours";
import { fileNameOf } from "./chart-words";
import type { Chart } from "./read-chart";

/** Hands the visitor a chart as a PNG file. Rejects when the browser makes no picture. */
export async function saveChart(chart: Chart, theme: ChartTheme): Promise<void> {
  const { pictureOf } = await import("./draw-chart");
  saveFile(await pictureOf(chart, theme), fileNameOf(chart.title));
}
