export { cachedSnapshot, type CachedSnapshot } from "./cached";
export {
  checkPlanId,
  executePlan,
  parseRemoveTarget,
  planKeep,
  planPrune,
  planRemove,
  readCacheView,
  verifyRepo,
  type ExecutedPlan,
  type ExecuteOptions,
  type KeptItem,
  type Plan,
  type PlanItem,
  type VerifiedFile,
  type VerifyReport,
} from "./clean";
export {
  type CachedBlob,
  type CachedFile,
  type CachedRepo,
  type CachedRevision,
  type CacheScan,
  type FolderSize,
  type ScanWarning,
  type SizedFile,
} from "./scan/contract";
export {
  type DownloadEvent,
  type DownloadOptions,
  type DownloadRequest,
  type DownloadedFile,
  type TotalProgress,
} from "./download/contract";
export { download } from "./download/download";
export { freeBytes } from "./download/free-space";
export { listRepo, type RepoFile, type RepoListing } from "./hub-client";
export { readRange } from "./hub-client-range";
export { parseRepoFolder, repoFolder, repoPaths, type RepoName, type RepoType } from "./layout";
export { tryShare, type FileLock } from "./lock";
export { publish } from "./publish/publish";
export type { PublishEvent, PublishFile, PublishOptions, PublishRequest } from "./publish/contract";
export { ggufSets, isOfQuant, isUnquantized, quantOf, type GgufSet } from "./quants";
export { scanCache, type ScanOptions } from "./scan/scan";
export { ScannerThread } from "./scan/thread";
export { scanToJson, type CacheScanJson } from "./scan/json";
export { accessToken, type HubSettings } from "./settings";
