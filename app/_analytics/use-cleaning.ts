"use client";

import { useCallback, useState } from "react";

import { adminToken, keepAdminToken } from "./admin-token";
import { asRefusal, askServer, type ServerRefusal } from "./ask-server";
import type { CacheBody, CleaningCall, ExecutedPlan, Plan } from "./cache-contract";

/**
 * | phase      | the visitor sees                                            | goes on with         |
 * |------------|-------------------------------------------------------------|----------------------|
 * | `idle`     | no dialog                                                   | `plan`               |
 * | `planning` | that the plan is being made                                 | by itself            |
 * | `planned`  | what would go and what stays; `isRenewed`: the cache changed since the plan before | `apply`, `close` |
 * | `applying` | that it is being removed; closing is not offered            | by itself            |
 * | `done`     | what was freed, before and after                            | `close`              |
 * | `refused`  | why not; the token is asked for where one would help        | `giveToken`, `close` |
 */
export type Cleaning =
  | { phase: "idle" }
  | { phase: "planning"; call: CleaningCall }
  | { phase: "planned"; call: CleaningCall; plan: Plan; isRenewed: boolean }
  | { phase: "applying"; call: CleaningCall; plan: Plan }
  | { phase: "done"; executed: ExecutedPlan; before: CacheBody | null; after: CacheBody | null }
  | { phase: "refused"; refusal: ServerRefusal; wasTokenSent: boolean; retry: () => Promise<void> };

export interface UsedCleaning {
  cleaning: Cleaning;
  plan: (call: CleaningCall) => void;
  apply: () => void;
  giveToken: (token: string) => void;
  close: () => void;
}

/**
 * A cleaning of the cache: planned, shown, then executed.
 *
 * @param cache as it is now
 * @param refresh reads it again
 * @param onDone something was cleaned, by this call
 */
export function useCleaning(
  cache: CacheBody | null,
  refresh: () => Promise<CacheBody | null>,
  onDone: (call: CleaningCall) => void,
): UsedCleaning {
  const [cleaning, setCleaning] = useState<Cleaning>({ phase: "idle" });

  const attempt = useCallback(async (work: () => Promise<void>): Promise<void> => {
    const wasTokenSent = adminToken() !== null;
    try {
      await work();
    } catch (thrown) {
      const refusal = asRefusal(thrown);
      if (refusal.code === "admin_only") keepAdminToken(null);
      setCleaning({ phase: "refused", refusal, wasTokenSent, retry: () => attempt(work) });
    }
  }, []);

  const makePlan = useCallback(async (call: CleaningCall, isRenewed: boolean): Promise<void> => {
    setCleaning({ phase: "planning", call });
    const plan = await askServer<Plan>("/api/cache/plan", { body: call, token: adminToken() });
    setCleaning({ phase: "planned", call, plan, isRenewed });
  }, []);

  const execute = async (call: CleaningCall, plan: Plan): Promise<void> => {
    setCleaning({ phase: "applying", call, plan });
    try {
      const body = { ...call, id: plan.id };
      const executed = await askServer<ExecutedPlan>("/api/cache/apply", { body, token: adminToken() });
      const after = await refresh();
      setCleaning({ phase: "done", executed, before: cache, after });
      onDone(call);
    } catch (thrown) {
      if (asRefusal(thrown).code !== "plan_stale") throw thrown;
      await makePlan(call, true);
    }
  };

  return {
    cleaning,
    plan: (call) => void attempt(() => makePlan(call, false)),
    apply: () => {
      if (cleaning.phase === "planned") void attempt(() => execute(cleaning.call, cleaning.plan));
    },
    giveToken: (token) => {
      keepAdminToken(token);
      if (cleaning.phase === "refused") void cleaning.retry();
    },
    close: () => setCleaning({ phase: "idle" }),
  };
}
