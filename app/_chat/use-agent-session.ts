"use client";

import "./zod-without-eval";
import { useChat } from "@ai-sdk/react";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";

import type { TurnMessage } from "@/lib/wire";

import { AgentSession } from "./agent-session";
import type { AgentSessionListener, AgentSessionState } from "./agent-session-contract";
import { hearTabs, tellTabs } from "./tab-news";

/** A page draws an answer that grows this often, in milliseconds; tokens come faster than anyone can see. */
const DRAW_EVERY_MS = 50;

export interface UsedSession {
  session: AgentSession;
  state: AgentSessionState;
  messages: readonly TurnMessage[];
  isBusy: boolean;
}

/** A conversation of the server's, open for as long as the component is there. */
export function useAgentSession(id: string, first: string | null, listener: AgentSessionListener): UsedSession {
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  }, [listener]);
  const [session] = useState(
    () =>
      new AgentSession(id, first, {
        onBegan: () => {
          latest.current.onBegan();
          tellTabs(id);
        },
        settings: () => latest.current.settings(),
        onRefused: (text, reason) => latest.current.onRefused(text, reason),
        onChanged: () => {
          latest.current.onChanged();
          tellTabs(id);
        },
      }),
  );
  const { messages } = useChat({ chat: session.chat, experimental_throttle: DRAW_EVERY_MS });
  const state = useSyncExternalStore(
    session.subscribe,
    () => session.state,
    () => session.state,
  );
  useEffect(() => {
    void session.open();
    return () => session.close();
  }, [session]);
  useEffect(() => {
    const refresh = () => {
      if (!document.hidden) void session.refresh();
    };
    const endHearing = hearTabs((changed) => changed === id && refresh());
    document.addEventListener("visibilitychange", refresh);
    return () => {
      endHearing();
      document.removeEventListener("visibilitychange", refresh);
    };
  }, [session, id]);
  return { session, state, messages, isBusy: session.isBusy };
}
