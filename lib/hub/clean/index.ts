export { checkPlanId } from "./build-plan";
export {
  type CacheView,
  type CleaningProgress,
  type ExecutedPlan,
  type KeptItem,
  type Plan,
  type PlanAction,
  type PlanItem,
  type PlanItemKind,
} from "./contract";
export { executePlan, type ExecuteOptions } from "./execute-plan";
export { hashFile } from "./hash-file";
export { readCacheView, readInventory } from "./inventory";
export { modelBytes, planKeep, type KeepOptions } from "./plan-keep";
export { planMoveOut, type MovedFile, type MoveOut } from "./plan-move-out";
export { planPrune, type PruneOptions } from "./plan-prune";
export { planRemove } from "./plan-remove";
export { revisionsNamed } from "./find-target";
export { type RemovalStep } from "./removal";
export { parseRemoveTarget, type RemoveTarget } from "./target";
export {
  verifyRepo,
  type RemoteFile,
  type VerifiedFile,
  type VerifyOptions,
  type VerifyReport,
  type VerifyState,
} from "./verify";
