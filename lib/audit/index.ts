/** The size of any folder, and why: what its files are by their bytes, what is there twice, what to look at. */
export { auditFolder, type AuditOptions, type AuditProgress, type AuditStep } from "./audit";
export { applyPlan, dryRun } from "./apply/apply";
export type * from "./apply/contract";
export { emptyTrash } from "./apply/empty";
export { sha256Of } from "./apply/hash";
export { listTrash } from "./apply/list-trash";
export { resumeApply } from "./apply/resume";
export { undoApply } from "./apply/undo";
export type {
  AuditDuplicates,
  AuditFolder,
  AuditModel,
  AuditReport,
  Finding,
  FindingCause,
  LargeFile,
  HubCacheSums,
  KindSums,
  SectionSums,
} from "./contract";
export { KIND_NAMES, KINDS, type Kind, type Mark, type Section } from "./kinds";
export {
  addToManifest,
  MANIFEST_FILE,
  manifestText,
  parseManifest,
  readManifest,
  readManifestIfThere,
  withEntries,
  withoutPaths,
  writeManifest,
  type Manifest,
  type ManifestEntry,
  type NewEntry,
} from "./manifest";
export { costOf, type CostReport, type CostState, type ServiceCost } from "./cost";
export {
  gitHygiene,
  type GitHistory,
  type GitHygiene,
  type GitOptions,
  type LargeObject,
  type MissingLines,
} from "./git";
export { toText as pathText } from "./walk/byte-path";
export type { Note, NoteKind } from "./walk/notes";
export { markOnHub, reposNamedBy, type AskedRepo, type HubCheck, type OnHub } from "./on-hub";
export {
  PHASES,
  type AuditPlan,
  type PhaseName,
  type PlanPhase,
  type PlanStep,
  type StepAction,
} from "./plan/contract";
export type { Needed } from "./plan/draft";
export { makePlan, type PlanOptions } from "./plan/make-plan";
export { DEFAULT_RULES, parseRules, readRules, RULES_FILE, type StorageRules } from "./plan/rules";
export { PROFILES, profilesOf, type Profile, type ProfileModel, type ProfileName } from "./profiles";
