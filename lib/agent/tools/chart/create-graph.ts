import type { AgentTool } from "../contract";
import { abortedTool } from "../refusal";
import { describeChart } from "./describe-chart";
import { CHART_LIMITS as LIMITS } from "./limits";
import { CHART_TOOL, CHART_TYPES, parseChart, type ChartArguments } from "./parse-chart";

/** Checks a chart and puts it into words; the browser draws it from the display. */
export const createGraph: AgentTool<ChartArguments> = {
  name: CHART_TOOL,
  description: {
    full:
      "Draws a chart for the student: bar to compare amounts, line for change over time or a function, pie for shares " +
      "of a whole. Give a title, a label for each point, and one or more series with a number for each label. " +
      "Put what the student should notice into context.",
    compact: "Draws a bar, line or pie chart.",
  },
  jsonSchema: {
    type: "object",
    properties: {
      type: { type: "string", enum: CHART_TYPES },
      title: { type: "string", minLength: 1, maxLength: LIMITS.title },
      x_label: { type: "string", maxLength: LIMITS.axisLabel },
      y_label: { type: "string", maxLength: LIMITS.axisLabel },
      labels: {
        type: "array",
        items: { type: "string", minLength: 1, maxLength: LIMITS.label },
        minItems: 1,
        maxItems: LIMITS.points,
      },
      series: {
        type: "array",
        items: {
          type: "object",
          properties: {
            name: { type: "string", maxLength: LIMITS.label },
            values: { type: "array", items: { type: "number" }, minItems: 1, maxItems: LIMITS.points },
          },
          required: ["name", "values"],
        },
        minItems: 1,
        maxItems: LIMITS.series,
      },
      context: { type: "string", maxLength: LIMITS.context },
    },
    required: ["type", "title", "x_label", "y_label", "labels", "series", "context"],
  },
  parse: parseChart,
  async run(chart, { signal }) {
    if (signal?.aborted) throw abortedTool(CHART_TOOL);
    const description = describeChart(chart);
    return { text: description, display: { kind: "chart", ...chart, description } };
  },
};
