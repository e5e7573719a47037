export {
  BUILT_IN_ID,
  parseCatalogue,
  readCatalogue,
  type Catalogue,
  type CatalogueEntry,
  type CatalogueRole,
} from "./catalogue";
export { cachedSnapshot, type CachedSnapshot } from "./cached";
export { blobsNamed } from "./cached-blobs";
export {
  checkPlanId,
  executePlan,
  hashFile,
  modelBytes,
  parseRemoveTarget,
  planKeep,
  planMoveOut,
  planPrune,
  planRemove,
  readCacheView,
  revisionsNamed,
  verifyRepo,
  type CleaningProgress,
  type ExecutedPlan,
  type ExecuteOptions,
  type KeptItem,
  type MovedFile,
  type MoveOut,
  type Plan,
  type PlanItem,
  type VerifiedFile,
  type VerifyReport,
} from "./clean";
export { listRepo, type RepoFile, type RepoListing } from "./client/listing";
export { readRange } from "./client/range";
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
export { download, missingBytes } from "./download/download";
export { diskSpace, freeBytes, SPARE_BYTES, type DiskSpace } from "./download/free-space";
export { parseRepoFolder, repoFolder, repoPaths, type RepoName, type RepoType } from "./layout";
export { tryShare, type FileLock } from "./lock";
export { holderWords, openRepos, type FileHolder } from "./open-files";
export { publish } from "./publish/publish";
export type { PublishEvent, PublishFile, PublishOptions, PublishRequest } from "./publish/contract";
export { ggufSets, isUnquantized, quantOf, setsOfQuant, type GgufSet } from "./quants";
export { scanCache, type ScanOptions } from "./scan/scan";
export { ScannerThread } from "./scan/thread";
export { type RevisionFile, type RevisionFiles, type RevisionName } from "./scan/revision-files";
export { scanToJson, type CacheScanJson } from "./scan/json";
export { accessToken, type HubSettings } from "./settings";
