"use client";

import "./zod-without-eval";
import { useCallback, useEffect, useState, type ComponentType } from "react";

import type { AgentPaneProps } from "../_components/AgentPane";

type Pane = ComponentType<AgentPaneProps>;

const TRY_AGAIN_MS = 2000;

/**
 * What shows a conversation with the agent. An empty chat does without: it is fetched when it is needed, again and again
 * where the server cannot be reached.
 *
 * @param isNeeded fetches it; so does `prepare`, when it will be needed soon
 */
export function useAgentPane(isNeeded: boolean): { Pane: Pane | null; problem: string | null; prepare: () => void } {
  const [loaded, setLoaded] = useState<{ Pane: Pane } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isExpected, setExpected] = useState(false);
  const isWanted = isNeeded || isExpected;
  useEffect(() => {
    if (loaded !== null || !isWanted) return;
    let timer: ReturnType<typeof setTimeout>;
    const load = (): void => {
      import("../_components/AgentPane").then(
        (read) => {
          setLoaded({ Pane: read.default });
          setProblem(null);
        },
        () => {
          setProblem("The server cannot be reached: check that Memwell runs. It is tried again.");
          timer = setTimeout(load, TRY_AGAIN_MS);
        },
      );
    };
    load();
    return () => clearTimeout(timer);
  }, [loaded, isWanted]);
  const prepare = useCallback(() => setExpected(true), []);
  return { Pane: loaded?.Pane ?? null, problem: isNeeded ? problem : null, prepare };
}
