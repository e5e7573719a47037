export { absolutePaths, type Config, type Environment } from "../config";
export { loadConfig } from "./load-config";
export type { CatalogueModel, CatalogueReport, ModelUse, RuntimeCatalogue, UseCall } from "./catalogue";
export { forVisitors, toMemwellError, MemwellError, type ErrorCode, type ErrorRecord } from "../errors";
export {
  auditFolder,
  costOf,
  gitHygiene,
  markOnHub,
  type AuditFolder,
  type AuditModel,
  type AuditPlan,
  type AuditReport,
  type ApplyEvent,
  type ApplyResult,
  type AuditStep,
  type CostReport,
  type GitHygiene,
  type HubCheck,
  type Profile,
  type EmptyResult,
  type PhaseName,
  type ResumeResult,
  type StepResult,
  type TrashList,
  type UndoResult,
  PHASES,
} from "../audit";
export { checkHub, type CheckHubOptions } from "./check-hub";
export type * from "./contract";
export { describeWayOut } from "../residency";
export { fitModel, type FitReport, type RunningServer } from "./fit";
export {
  publish,
  type CacheScan,
  type CacheScanJson,
  type CleaningProgress,
  type ExecutedPlan,
  type Plan,
  type PlanItem,
  type PublishEvent,
  type RevisionFile,
  type RevisionFiles,
} from "../hub";
export {
  EXPORT_FORMATS,
  exportMetrics,
  type AnalyticsGauges,
  type ExportFormat,
  type ExportRequest,
  type RuntimeAnalytics,
} from "./analytics";
export type { AnswerExtra, ChatCall, ChatRuns, FollowedEvent, RecordedEvent } from "./chat";
export { withDatabase } from "./database";
export type { CleaningEvent } from "./cleanings";
export { HubCache, type CacheListing, type CacheRequest } from "./hub-cache";
export { AGENT_MODEL_ID } from "./model-registry";
export type { RepoUse } from "./repo-use";
export type { MemorySamples } from "./memory-history";
export type { SeriesPeaks } from "./memory-peaks";
export type { MemoryReport } from "./memory-report";
export type { FetchEvent } from "./fetch-events";
export type { LocatedModel } from "./model-source";
export {
  pullManifest,
  type ManifestEvent,
  type ManifestSource,
  type PulledEntry,
  type PulledManifest,
} from "./manifest";
export { planStorage, storageProfiles } from "./plan-storage";
export {
  applyStorage,
  dryRunStorage,
  emptyStorageTrash,
  listStorageTrash,
  resumeStorage,
  undoStorage,
  type StorageOptions,
} from "./apply-storage";
export type * from "./storage";
export type { WorkEvent } from "./watch-work";
export { hubReference, pullModel, pullsOf, type Pull } from "./pull";
export { builtInModelsFolder } from "./programs";
export { createRuntime, type RuntimeOptions } from "./runtime";
