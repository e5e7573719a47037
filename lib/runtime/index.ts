export { loadConfig, absolutePaths, type Config, type Environment } from "../config";
export { toMemwellError, MemwellError, type ErrorCode, type ErrorRecord } from "../errors";
export type * from "./contract";
export { describeWayOut } from "../residency";
export { fitModel, type FitReport, type RunningServer } from "./fit";
export {
  publish,
  scanToJson,
  type PublishEvent,
  type CacheScan,
  type CacheScanJson,
  type ExecutedPlan,
  type Plan,
} from "../hub";
export { withDatabase } from "./database";
export { HubCache, type CacheRequest } from "./hub-cache";
export { AGENT_MODEL_ID } from "./model-registry";
export type { MemoryReport } from "./memory-report";
export type { FetchEvent, LocatedModel } from "./model-source";
export { pullModel, referencesToPull } from "./pull";
export { createRuntime, type RuntimeOptions } from "./runtime";
