/** A context that is open: how many use it, and a number that grows with every use. */
export interface OpenSeat {
  name: string;
  users: number;
  lastUsed: number;
}

export type SeatPlan =
  | { branch: 1; action: "use" }
  | { branch: 2 | 3; action: "open" }
  | { branch: 4; action: "replace"; name: string }
  | { branch: 5; action: "wait" };

/**
 * What to do for a request for a context of a process whose weights are loaded. Pure but for `reserve`, which is asked once
 * at most, and takes what it grants. The first that holds, in this order:
 *
 * 1. The context is open: **use** it.
 * 2. None is: **open** it, in the place that every loaded model has for one.
 * 3. There is memory for one more: **open** it.
 * 4. Nobody uses one of the others: it is **replaced**, the one unused for longest first.
 * 5. All are used: **wait** until one is not.
 */
export function planSeat(wanted: string, open: readonly OpenSeat[], reserve: () => boolean): SeatPlan {
  if (open.some(({ name }) => name === wanted)) return { branch: 1, action: "use" };
  if (open.length === 0) return { branch: 2, action: "open" };
  if (reserve()) return { branch: 3, action: "open" };
  const [oldest] = open.filter(({ users }) => users === 0).sort((one, other) => one.lastUsed - other.lastUsed);
  if (oldest !== undefined) return { branch: 4, action: "replace", name: oldest.name };
  return { branch: 5, action: "wait" };
}
