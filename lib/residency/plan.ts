import { waysOutOf, type WayOut } from "./ways-out";

/** One model in memory, as the plan sees it. Sizes in bytes. */
export interface PlanResident {
  key: string;
  state: "loading" | "ready" | "stopping";
  /** Reserved for its load; once it is stopping, what it held when the stop began. */
  reservationBytes: number;
  measuredBytes: number | null;
  leases: number;
  lastUsedAt: number;
  pinned: boolean;
  /** It gets no new lease, so that it becomes idle. */
  draining: boolean;
}

export interface PlanState {
  /** The model somebody waits for. */
  key: string;
  neededBytes: number;
  limitBytes: number;
  budgetBytes: number;
  /** Held besides the models' processes. */
  otherBytes: number;
  residents: readonly PlanResident[];
}

/** Why a model cannot be loaded at all. All sizes in bytes. */
export interface Refusal {
  neededBytes: number;
  budgetBytes: number;
  limitBytes: number;
  otherBytes: number;
  /** Pinned models that stay, and what each holds. */
  pinned: { key: string; bytes: number }[];
  /** By how much it is too large. */
  missingBytes: number;
  waysOut: WayOut[];
}

/** `branch` is the number in the decision tree of `planAdmission`. */
export type AdmissionPlan =
  | { branch: 1; action: "admit" }
  | { branch: 2; action: "join" }
  | { branch: 3 | 7; action: "wait"; reason: "stop"; keys: string[] }
  | { branch: 4; action: "refuse"; refusal: Refusal }
  | { branch: 5; action: "wait"; reason: "load"; keys: string[] }
  | { branch: 6; action: "load" }
  /** Stop `keys`, and plan again when they are gone: what they give back is then measured, not hoped for. */
  | { branch: 8; action: "evict"; keys: string[] }
  /** `keys` are those that must become idle: keeping them from new leases ends the wait. */
  | { branch: 9; action: "wait"; reason: "busy"; keys: string[] };

/**
 * What to do for a model that somebody waits for. Pure. "Fits" is: other bytes, all residents that count, and the needed
 * bytes are within the budget. The first that holds, in this order:
 *
 * 1. The model is ready: **admit**.
 * 2. It is being loaded: **join** that load.
 * 3. It is stopping: **wait** until its process is gone.
 * 4. It does not fit beside the ready pinned models, were all others gone: **refuse**, with figures and ways out.
 * 5. Another model is loading: **wait**, since two loads at a time would have each other's peak.
 * 6. It fits beside all others, those that are stopping included: **load**.
 * 7. It fits once those that are stopping are gone: **wait** for them, and evict nobody in vain.
 * 8. It fits after evicting idle, unpinned models: **evict** the fewest of them, least recently used first.
 * 9. It fits after evicting busy ones too: **wait** for them. Those that drain already come first, so that the choice
 *    stays the same while they drain; then the idle ones, then the busy ones, least recently used first.
 */
export function planAdmission(state: PlanState): AdmissionPlan {
  const { key, residents } = state;
  const own = residents.find((resident) => resident.key === key);
  if (own?.state === "ready") return { branch: 1, action: "admit" };
  if (own?.state === "loading") return { branch: 2, action: "join" };
  if (own?.state === "stopping") return { branch: 3, action: "wait", reason: "stop", keys: [key] };

  const ready = residents.filter((resident) => resident.state === "ready");
  const pinned = ready.filter((resident) => resident.pinned);
  if (!fits(state, pinned)) return { branch: 4, action: "refuse", refusal: refusalOf(state, pinned) };

  const loading = residents.filter((resident) => resident.state === "loading");
  if (loading.length > 0) return { branch: 5, action: "wait", reason: "load", keys: keysOf(loading) };

  if (fits(state, residents)) return { branch: 6, action: "load" };

  const stopping = residents.filter((resident) => resident.state === "stopping");
  if (fits(state, ready)) return { branch: 7, action: "wait", reason: "stop", keys: keysOf(stopping) };

  const movable = ready.filter((resident) => !resident.pinned).sort(byLastUse);
  const idle = movable.filter((resident) => resident.leases === 0);
  const evicted = fewestToLeave(state, ready, idle);
  if (evicted !== null) return { branch: 8, action: "evict", keys: keysOf(evicted) };

  const busy = movable.filter((resident) => resident.leases > 0);
  const order = [...idle, ...busy].sort((left, right) => Number(right.draining) - Number(left.draining));
  // Never null: without any of them it fits, or branch 4 had refused.
  const blockers = fewestToLeave(state, ready, order) ?? order;
  return { branch: 9, action: "wait", reason: "busy", keys: keysOf(blockers) };
}

/** What a resident counts as in the budget. In bytes. */
export function bytesOf(resident: Pick<PlanResident, "state" | "reservationBytes" | "measuredBytes">): number {
  const { state, reservationBytes, measuredBytes } = resident;
  if (state === "ready") return measuredBytes ?? reservationBytes;
  // A load grows into its reservation, and a process that ends lets its memory go only at the very end.
  return Math.max(measuredBytes ?? 0, reservationBytes);
}

/** The shortest beginning of `order` without which it fits; null if all of them are not enough. */
function fewestToLeave(
  state: PlanState,
  ready: readonly PlanResident[],
  order: readonly PlanResident[],
): PlanResident[] | null {
  const leaving = new Set<PlanResident>();
  for (const resident of order) {
    leaving.add(resident);
    const staying = ready.filter((other) => !leaving.has(other));
    if (fits(state, staying)) return [...leaving];
  }
  return null;
}

/** A figure that is no number never fits. */
function fits(state: PlanState, beside: readonly PlanResident[]): boolean {
  return totalOf(state, beside) <= state.budgetBytes;
}

function totalOf(state: PlanState, beside: readonly PlanResident[]): number {
  return beside.reduce((sum, resident) => sum + bytesOf(resident), state.otherBytes + state.neededBytes);
}

function refusalOf(state: PlanState, pinned: readonly PlanResident[]): Refusal {
  const { neededBytes, budgetBytes, limitBytes, otherBytes } = state;
  const figures = {
    neededBytes,
    budgetBytes,
    limitBytes,
    otherBytes,
    pinned: pinned.map((resident) => ({ key: resident.key, bytes: bytesOf(resident) })),
    missingBytes: totalOf(state, pinned) - budgetBytes,
  };
  return { ...figures, waysOut: waysOutOf(figures) };
}

function byLastUse(left: PlanResident, right: PlanResident): number {
  return left.lastUsedAt - right.lastUsedAt;
}

function keysOf(residents: readonly PlanResident[]): string[] {
  return residents.map((resident) => resident.key);
}
