export type { LeaveReason, ResidencyChange } from "./changes";
export type * from "./contract";
export { bytesOf, planAdmission, type AdmissionPlan, type PlanResident, type PlanState, type Refusal } from "./plan";
export { Residency } from "./residency";
export { describeWayOut, MACHINES, waysOutOf, type Machine, type WayOut } from "./ways-out";
export {
  fingerprintModelFile,
  footprintKey,
  MeasurementStore,
  adapterFootprint,
  forecastFootprint,
  KV_TYPES,
  type Footprint,
  type ForecastInput,
} from "./forecast";
