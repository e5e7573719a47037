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
  /** What its contexts hold but for one, which it could go on without; none when absent. */
  extraBytes?: number;
  /** Of `extraBytes`, what is in contexts that nobody uses now. */
  spareBytes?: number;
  /** It gives `spareBytes` back now. */
  shrinking?: boolean;
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
  /** `keys` give back their contexts that nobody uses; then plan again. */
  | { branch: 8; action: "shrink"; keys: string[] }
  /** Stop `keys`, and plan again when they are gone: what they give back is then measured, not hoped for. */
  | { branch: 9; action: "evict"; keys: string[] }
  /** `keys` are those that must become idle: keeping them from new leases ends the wait. */
  | { branch: 10; action: "wait"; reason: "busy"; keys: string[] };

/**
 * What to do for a model that somebody waits for. Pure. "Fits" is: other bytes, all residents that count, and the needed
 * bytes are within the budget. The first that holds, in this order:
 *
 * 1. The model is ready: **admit**.
 * 2. It is being loaded: **join** that load.
 * 3. It is stopping: **wait** until its process is gone.
 * 4. It does not fit beside the ready pinned models, each with one context, were all others gone: **refuse**, with figures
 *    and ways out.
 * 5. Another model is loading: **wait**, since two loads at a time would have each other's peak.
 * 6. It fits beside all others, those that are stopping included: **load**.
 * 7. It fits once those that are stopping, and the contexts being given back, are gone: **wait** for them, and evict nobody
 *    in vain.
 * 8. It fits once contexts that nobody uses are given back: **shrink** the fewest models, least recently used first. When
 *    that is not enough, the pinned ones shrink, since they stay.
 * 9. It fits after evicting idle, unpinned models: **evict** the fewest of them, least recently used first.
 * 10. It fits after evicting busy ones too: **wait** for them. Those that drain already come first, so that the choice
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
  const smallest = pinned.map((resident) => without(resident, resident.extraBytes));
  if (!fits(state, smallest)) return { branch: 4, action: "refuse", refusal: refusalOf(state, smallest) };

  const loading = residents.filter((resident) => resident.state === "loading");
  if (loading.length > 0) return { branch: 5, action: "wait", reason: "load", keys: keysOf(loading) };

  if (fits(state, residents)) return { branch: 6, action: "load" };

  const leaving = residents.filter((resident) => resident.state === "stopping" || resident.shrinking);
  const soon = ready.map((resident) => (resident.shrinking ? shrunk(resident) : resident));
  if (fits(state, soon)) return { branch: 7, action: "wait", reason: "stop", keys: keysOf(leaving) };

  const shrinking = toShrink(state, soon);
  if (shrinking.length > 0) return { branch: 8, action: "shrink", keys: keysOf(shrinking) };

  const movable = soon.filter((resident) => !resident.pinned).sort(byLastUse);
  const idle = movable.filter((resident) => resident.leases === 0);
  const evicted = fewestToLeave(state, soon, idle);
  if (evicted !== null) return { branch: 9, action: "evict", keys: keysOf(evicted) };

  const busy = movable.filter((resident) => resident.leases > 0);
  const order = [...idle, ...busy].sort((left, right) => Number(right.draining) - Number(left.draining));
  // Null only where pinned models use more than one context; branch 4 had refused what fits beside none.
  const blockers = fewestToLeave(state, soon, order) ?? [...order, ...soon.filter(isPinnedAndLarge)];
  return { branch: 10, action: "wait", reason: "busy", keys: keysOf(blockers) };
}

/** What a resident counts as in the budget. In bytes. */
export function bytesOf(resident: Pick<PlanResident, "state" | "reservationBytes" | "measuredBytes">): number {
  const { state, reservationBytes, measuredBytes } = resident;
  if (state === "ready") return measuredBytes ?? reservationBytes;
  // A load grows into its reservation, and a process that ends lets its memory go only at the very end.
  return Math.max(measuredBytes ?? 0, reservationBytes);
}

/** Branch 8. */
function toShrink(state: PlanState, ready: readonly PlanResident[]): PlanResident[] {
  const order = ready.filter(({ spareBytes = 0, shrinking }) => spareBytes > 0 && !shrinking).sort(byLastUse);
  const chosen = new Set<PlanResident>();
  for (const resident of order) {
    chosen.add(resident);
    if (
      fits(
        state,
        ready.map((other) => (chosen.has(other) ? shrunk(other) : other)),
      )
    )
      return [...chosen];
  }
  return order.filter(({ pinned }) => pinned);
}

function isPinnedAndLarge({ pinned, extraBytes = 0 }: PlanResident): boolean {
  return pinned && extraBytes > 0;
}

/** As it will be once it has given back the contexts that nobody uses. */
export function shrunk(resident: PlanResident): PlanResident {
  const { spareBytes = 0, extraBytes = 0 } = resident;
  return { ...without(resident, spareBytes), spareBytes: 0, extraBytes: Math.max(0, extraBytes - spareBytes) };
}

function without(resident: PlanResident, bytes = 0): PlanResident {
  return bytes === 0 ? resident : { ...resident, measuredBytes: Math.max(0, bytesOf(resident) - bytes) };
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
