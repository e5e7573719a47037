"use client";

import { useState } from "react";

import type { Evaluation, EvaluationsBody } from "@/lib/wire";

import { adminToken } from "./admin-token";
import { askServer } from "./ask-server";
import { useWatch } from "./use-watch";

/** Somebody runs one now and then, for minutes. */
const WATCH_EVERY_MS = 30_000;

/** The last evaluations, the newest first; null until read once. Who may not see figures is told so by the others. */
export function useEvaluations(): readonly Evaluation[] | null {
  const [evaluations, setEvaluations] = useState<readonly Evaluation[] | null>(null);
  useWatch(async (signal) => {
    const body = await askServer<EvaluationsBody>("/api/evals", { signal, token: adminToken() });
    setEvaluations(body.evaluations);
  }, WATCH_EVERY_MS);
  return evaluations;
}
