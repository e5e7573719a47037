import type { WaitingFor } from "./contract";
import { planAdmission, type AdmissionPlan, type PlanState, type Refusal } from "./plan";

export interface QueueState extends Omit<PlanState, "key" | "neededBytes"> {
  /** The models waited for, that of the oldest request first. `neededBytes` is null until the footprint is known. */
  waiting: readonly { key: string; neededBytes: number | null }[];
}

type FirstPlan = Exclude<AdmissionPlan, { action: "refuse" }>;

export interface QueuePlan {
  /** The model whose turn it is, and the next step for it. */
  first: { key: string; neededBytes: number; plan: FirstPlan } | null;
  refused: { key: string; refusal: Refusal }[];
  /** What each of the others waits for, the first included. */
  waits: Map<string, WaitingFor>;
}

/**
 * Whose turn it is. Pure. For each model, in order of the oldest request for it:
 *
 * 1. It is ready and yet waited for, so it drains: it waits until it is gone, and the next one goes first.
 * 2. Its footprint is not known yet: the next one goes first, since a file that is slow to read must block nobody.
 * 3. It can never fit: refused, wherever it stands.
 * 4. It is the first that is left: it is its turn.
 * 5. Somebody is before it: it waits.
 */
export function planQueue({ waiting, ...state }: QueueState): QueuePlan {
  const result: QueuePlan = { first: null, refused: [], waits: new Map() };
  const ahead: string[] = [];
  for (const { key, neededBytes } of waiting) {
    const isReady = state.residents.some((resident) => resident.key === key && resident.state === "ready");
    if (isReady) {
      result.waits.set(key, ahead.length === 0 ? { reason: "busy", models: [key] } : turnAfter(ahead)); // 1
      continue;
    }
    if (neededBytes === null) {
      result.waits.set(key, { reason: "footprint", models: [key] }); // 2
      continue;
    }
    const plan = planAdmission({ ...state, key, neededBytes });
    if (plan.action === "refuse") {
      result.refused.push({ key, refusal: plan.refusal }); // 3
      continue;
    }
    result.waits.set(key, result.first === null ? waitOf(plan) : turnAfter(ahead)); // 4, 5
    result.first ??= { key, neededBytes, plan };
    ahead.push(key);
  }
  return result;
}

function turnAfter(ahead: readonly string[]): WaitingFor {
  return { reason: "turn", models: [...ahead] };
}

function waitOf(plan: FirstPlan): WaitingFor {
  if (plan.action === "wait") return { reason: plan.reason, models: plan.keys };
  return { reason: "stop", models: plan.action === "evict" || plan.action === "shrink" ? plan.keys : [] };
}
