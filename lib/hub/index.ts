export {
  type CachedBlob,
  type CachedFile,
  type CachedRepo,
  type CachedRevision,
  type CacheScan,
  type FolderSize,
  type ScanWarning,
  type SizedFile,
} from "./contract";
export { parseRepoFolder, repoFolder, repoPaths, type RepoName, type RepoType } from "./layout";
export { scanCache } from "./scan";
export { scanToJson, type CacheScanJson } from "./scan-json";
