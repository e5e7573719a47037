"use client";

import { useMemo } from "react";

import type { ContextUse } from "./context-use";

/** The same object for as long as its figures are the same. */
export function useContextUse(use: ContextUse | null): ContextUse | null {
  const tokens = use?.tokens ?? null;
  const omittedTurns = use?.omittedTurns ?? 0;
  return useMemo(() => (tokens === null ? null : { tokens, omittedTurns }), [tokens, omittedTurns]);
}
