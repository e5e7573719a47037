"use client";

import { useCallback, useState } from "react";

import type { CleaningFigures } from "@/lib/wire";

import { adminToken, keepAdminToken } from "./admin-token";
import { applyPlan } from "./apply-plan";
import { asRefusal, askServer, type ServerRefusal } from "./ask-server";
import type { CacheBody, CleaningCall, ExecutedPlan, Plan } from "./cache-contract";

/**
 * | phase      | the visitor sees                                            | goes on with         |
 * |------------|-------------------------------------------------------------|----------------------|
 * | `idle`     | no dialog                                                   | `plan`               |
 * | `planning` | that the plan is being made                                 | by itself            |
 * | `planned`  | what would go and what stays; `isRenewed`: the cache changed since the plan before | `apply`, `close` |
 * | `applying` | how far it is; closing is not offered                       | by itself; `cancel`  |
 * | `done`     | what was freed, what stays, before and after                | `close`              |
 * | `lost`     | that nobody knows its end, and the cache as it is now       | `close`              |
 * | `refused`  | why not; the token is asked for where one would help        | `giveToken`, `close` |
 */
export type Cleaning =
  | { phase: "idle" }
  | { phase: "planning"; call: CleaningCall }
  | { phase: "planned"; call: CleaningCall; plan: Plan; isRenewed: boolean }
  | ({ phase: "applying" } & Applying)
  | {
      phase: "done";
      executed: ExecutedPlan;
      before: CacheBody | null;
      after: CacheBody | null;
      isCancelled: boolean;
    }
  | { phase: "lost"; problem: string; before: CacheBody | null }
  | { phase: "refused"; refusal: ServerRefusal; wasTokenSent: boolean; retry: () => Promise<void> };

export interface Applying {
  plan: Plan;
  /** Null until the first file goes. */
  progress: CleaningFigures | null;
  isCancelling: boolean;
  /** Why it cannot be cancelled. */
  problem: string | null;
}

export interface UsedCleaning {
  cleaning: Cleaning;
  plan: (call: CleaningCall) => void;
  apply: () => void;
  /** Ends what is being removed, after the file that is its turn. */
  cancel: () => void;
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
    setCleaning({ phase: "applying", plan, progress: null, isCancelling: false, problem: null });
    try {
      const onProgress = (progress: CleaningFigures) => changeApplying({ progress });
      const executed = await applyPlan({ ...call, id: plan.id }, adminToken(), onProgress);
      const after = await refresh();
      setCleaning((known) => {
        const isCancelled = known.phase === "applying" && known.isCancelling && executed.kept.length > 0;
        return { phase: "done", executed, before: cache, after, isCancelled };
      });
      onDone(call);
    } catch (thrown) {
      const { code, message: problem } = asRefusal(thrown);
      if (code === "plan_stale") return makePlan(call, true);
      // It may have begun.
      if (code !== "interrupted" && code !== "unreachable") throw thrown;
      setCleaning({ phase: "lost", problem, before: cache });
      await refresh();
    }
  };

  const changeApplying = (change: Partial<Applying>): void =>
    setCleaning((known) => (known.phase === "applying" ? { ...known, ...change } : known));

  const cancel = async (id: string): Promise<void> => {
    changeApplying({ isCancelling: true, problem: null });
    try {
      await askServer("/api/cache/cancel", { body: { id }, token: adminToken() });
    } catch (thrown) {
      changeApplying({ isCancelling: false, problem: asRefusal(thrown).message });
    }
  };

  return {
    cleaning,
    plan: (call) => void attempt(() => makePlan(call, false)),
    apply: () => {
      if (cleaning.phase === "planned") void attempt(() => execute(cleaning.call, cleaning.plan));
    },
    cancel: () => {
      if (cleaning.phase === "applying") void cancel(cleaning.plan.id);
    },
    giveToken: (token) => {
      keepAdminToken(token);
      if (cleaning.phase === "refused") void cleaning.retry();
    },
    close: () => setCleaning({ phase: "idle" }),
  };
}
