export type * from "./contract";
export { bytesOf, planAdmission, type AdmissionPlan, type PlanResident, type PlanState, type Refusal } from "./plan";
export { Residency } from "./residency";
export { MACHINES, type Machine, type WayOut } from "./ways-out";
export { forecastFootprint, type Footprint, type ForecastInput } from "./forecast";
