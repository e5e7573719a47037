import type { MessageDetails, PrefillProgress } from "@/lib/wire";

import type { HeardWait } from "../_trace/status-words";

/** What is known of a conversation besides its messages. */
export interface AgentSessionState {
  /** `missing`: the server has no such conversation for this visitor. */
  phase: "opening" | "missing" | "open";
  /** The server cannot be heard; it is asked again and again. */
  isLost: boolean;
  /** What stands beside each message, by its id; not yet there for new ones. */
  details: ReadonlyMap<string, MessageDetails>;
  /** What the answer waits for. */
  wait: HeardWait | null;
  /** How far its prompt is read. */
  prefill: PrefillProgress | null;
  /** What a screen reader is told. */
  announcement: string;
  /** Why the last thing that was asked for was not done. */
  problem: string | null;
}

export const NEW_SESSION: AgentSessionState = {
  phase: "opening",
  isLost: false,
  details: new Map(),
  wait: null,
  prefill: null,
  announcement: "",
  problem: null,
};

export interface AgentSessionListener {
  /** The server has taken a message: the conversation is there from now on. */
  onBegan: () => void;
  /** A message was not taken; it is given back with the reason. */
  onRefused: (text: string, reason: string) => void;
  /** The server's conversation has changed. */
  onChanged: () => void;
  /** Asked with each question: the fields of the call that say how it is to be answered. */
  settings: () => Record<string, unknown>;
}
