"use client";

import { useCallback, useState } from "react";

import { adminToken, keepAdminToken } from "../_analytics/admin-token";
import { asRefusal, askServer, type ServerRefusal } from "../_analytics/ask-server";
import type { StorageApplied } from "./contract";
import { runWork } from "./run-work";
import { applyFields, requestOf, type WorkCall, type WorkDone, type WorkProgress } from "./work-calls";

/**
 * | phase     | the visitor sees                                             | goes on with         |
 * |-----------|--------------------------------------------------------------|----------------------|
 * | `idle`    | no dialog                                                    | `ask`                |
 * | `trying`  | that it is looked at what would be done                      | by itself            |
 * | `asked`   | what would be done now; `tried` of an apply                  | `start`, `close`     |
 * | `stale`   | that the plan has changed                                    | `close`              |
 * | `running` | how far it is; closing is not offered                        | by itself; `cancel`  |
 * | `done`    | what was done, against what was expected                     | `close`              |
 * | `lost`    | that nobody knows its end                                    | `close`              |
 * | `refused` | why not; the token is asked for where one would help         | `giveToken`, `close` |
 */
export type WorkState =
  | { phase: "idle" }
  | { phase: "trying"; call: WorkCall }
  | { phase: "asked"; call: WorkCall; tried: StorageApplied | null }
  | { phase: "stale"; message: string }
  | { phase: "running"; call: WorkCall; progress: WorkProgress | null; isCancelling: boolean; problem: string | null }
  | { phase: "done"; call: WorkCall; done: WorkDone }
  | { phase: "lost"; problem: string }
  | { phase: "refused"; refusal: ServerRefusal; wasTokenSent: boolean; retry: () => Promise<void> };

export interface UsedStorageWork {
  state: WorkState;
  ask: (call: WorkCall) => void;
  start: () => void;
  cancel: () => void;
  giveToken: (token: string) => void;
  close: () => void;
}

/**
 * Work in a folder: what would be done is shown, then it is done.
 *
 * @param folder its name
 * @param onEnd something may have been changed
 */
export function useStorageWork(folder: string, onEnd: () => void): UsedStorageWork {
  const [state, setState] = useState<WorkState>({ phase: "idle" });

  const attempt = useCallback(async (work: () => Promise<void>): Promise<void> => {
    const wasTokenSent = adminToken() !== null;
    try {
      await work();
    } catch (thrown) {
      const refusal = asRefusal(thrown);
      if (refusal.code === "admin_only") keepAdminToken(null);
      if (refusal.code === "plan_stale") setState({ phase: "stale", message: refusal.message });
      else setState({ phase: "refused", refusal, wasTokenSent, retry: () => attempt(work) });
    }
  }, []);

  const look = async (call: WorkCall): Promise<void> => {
    if (call.work !== "apply") return setState({ phase: "asked", call, tried: null });
    setState({ phase: "trying", call });
    const body = { folder, ...applyFields(call.plan, call.chosen), dry_run: true };
    const { applied } = await askServer<{ applied: StorageApplied }>("/api/storage/apply", {
      body,
      token: adminToken(),
    });
    setState({ phase: "asked", call, tried: applied });
  };

  const change = (changed: Partial<Extract<WorkState, { phase: "running" }>>): void =>
    setState((known) => (known.phase === "running" ? { ...known, ...changed } : known));

  const run = async (call: WorkCall): Promise<void> => {
    setState({ phase: "running", call, progress: null, isCancelling: false, problem: null });
    const { address, body } = requestOf(folder, call);
    try {
      const done = await runWork<WorkProgress, WorkDone>(address, body, (progress) => change({ progress }));
      setState({ phase: "done", call, done });
      onEnd();
    } catch (thrown) {
      const { code, message: problem } = asRefusal(thrown);
      // It may have begun.
      if (code !== "interrupted" && code !== "unreachable") throw thrown;
      setState({ phase: "lost", problem });
      onEnd();
    }
  };

  const cancel = async (): Promise<void> => {
    change({ isCancelling: true, problem: null });
    try {
      await askServer("/api/storage/cancel", { body: { folder }, token: adminToken() });
    } catch (thrown) {
      change({ isCancelling: false, problem: asRefusal(thrown).message });
    }
  };

  return {
    state,
    ask: (call) => void attempt(() => look(call)),
    start: () => {
      if (state.phase === "asked") void attempt(() => run(state.call));
    },
    cancel: () => void cancel(),
    giveToken: (token) => {
      keepAdminToken(token);
      if (state.phase === "refused") void state.retry();
    },
    close: () => setState({ phase: "idle" }),
  };
}
