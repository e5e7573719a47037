"use client";

import { useCallback, useEffect, useState } from "react";

import type { ModelEntry, ModelList } from "@/lib/wire";

const WATCH_EVERY_MS = 1500;

export interface Models {
  /** Null until the list was read once. */
  models: ModelEntry[] | null;
  /** Why the list could not be read. */
  problem: string | null;
  refresh: () => void;
}

/**
 * The models of `GET /v1/models`.
 *
 * @param watch reads the list again and again, while something is awaited; otherwise only on `refresh`
 */
export function useModels(watch: boolean): Models {
  const [models, setModels] = useState<ModelEntry[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  const refresh = useCallback(() => {
    readModels().then(
      (read) => {
        setModels(read);
        setProblem(null);
      },
      (thrown: unknown) => setProblem(thrown instanceof Error ? thrown.message : String(thrown)),
    );
  }, []);

  useEffect(() => {
    // Also when the watching ends: what was awaited has changed the list.
    refresh();
    if (!watch) return;
    const timer = setInterval(refresh, WATCH_EVERY_MS);
    return () => clearInterval(timer);
  }, [watch, refresh]);

  return { models, problem, refresh };
}

async function readModels(): Promise<ModelEntry[]> {
  const response = await fetch("/v1/models", { cache: "no-store" });
  const body = (await response.json()) as ModelList | { error: { message: string } };
  if ("error" in body) throw new Error(body.error.message);
  return body.data;
}
