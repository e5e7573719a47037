/** The size of any folder, and why: what its files are by their bytes, what is there twice, what to look at. */
export { auditFolder, type AuditOptions, type AuditStep } from "./audit";
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
export type { Note, NoteKind } from "./walk/notes";
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
