export type {
  AgentTool,
  CalculationDisplay,
  ChartDisplay,
  ChartSeries,
  ChartType,
  ToolDisplay,
  ToolResult,
  ToolSchema,
} from "./contract";
export { createGraph } from "./chart/create-graph";
export { describeChart } from "./chart/describe-chart";
export { createCalculator, type CalculatorTool } from "./calculator/calculator";
export type { EvaluatorOptions } from "./calculator/evaluator";
export { findCalculations } from "./find-calculations";
export { createToolRegistry, register, type PreparedCall, type RegisteredTool, type ToolRegistry } from "./registry";
