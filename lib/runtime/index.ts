export { loadConfig, absolutePaths, type Config, type Environment } from "../config";
export { toMemwellError, MemwellError, type ErrorCode, type ErrorRecord } from "../errors";
export type * from "./contract";
export { describeWayOut } from "../residency";
export { fitModel, type FitReport, type RunningServer } from "./fit";
export { AGENT_MODEL_ID } from "./model-registry";
export type { MemoryReport } from "./memory-report";
export { createRuntime, type RuntimeOptions } from "./runtime";
