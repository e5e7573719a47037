"use client";

import { useEffect, useRef, useSyncExternalStore } from "react";

import type { TurnMessage } from "@/lib/wire";

import type { AgentSession } from "./agent-session";
import type { AgentSessionState } from "./agent-session-contract";
import { addressedMessage } from "./conversation-address";

/**
 * The message that the page's address names, once it is among those of the branch that is shown; its branch is shown if it
 * is on another one.
 *
 * @param messages as they are drawn, which may be a moment later than the session has them
 */
export function useLinkedMessage(
  session: AgentSession,
  phase: AgentSessionState["phase"],
  messages: readonly TurnMessage[],
): string | null {
  const wanted = useSyncExternalStore(hearAddress, addressedMessage, () => null);
  const lookedFor = useRef<string | null>(null);
  useEffect(() => {
    if (phase !== "open" || wanted === lookedFor.current) return;
    lookedFor.current = wanted;
    const isThere = session.chat.messages.some(({ id }) => id === wanted);
    if (wanted !== null && !isThere) void session.switchTo(wanted);
  }, [session, phase, wanted]);
  return wanted !== null && messages.some(({ id }) => id === wanted) ? wanted : null;
}

function hearAddress(onChange: () => void): () => void {
  const events = ["popstate", "hashchange"];
  for (const event of events) window.addEventListener(event, onChange);
  return () => {
    for (const event of events) window.removeEventListener(event, onChange);
  };
}
