import type { TimedStep } from "../store";
import type { Spread } from "./spread";

/** What runs have in common, in the names of `GET /api/metrics`. Times in ms. */
export interface Summary {
  /** All runs, and by whom they were asked: in a conversation, the agent through the API, one model alone. */
  turns: number;
  sources: Record<string, number>;
  outcomes: Record<string, number>;
  /** Why turns failed, by code. */
  errors: Record<string, number>;
  /** Visitors and conversations that had a turn. */
  visitors: number;
  conversations: number;
  likes: number;
  dislikes: number;
  first_token_ms: Spread | null;
  turn_ms: Spread | null;
  /** How long models were waited for; of that in queues and for downloads; and for loads made for this turn. */
  wait_ms: Spread | null;
  queue_ms: Spread | null;
  load_ms: Spread | null;
  /** What all steps of a kind took in one turn, over the turns that had any. */
  step_ms: Record<TimedStep, Spread | null>;
  /** Of answers alone. */
  tokens_per_second: Spread | null;
  /** What each model did, in all steps of all turns. */
  models: Record<string, ModelTotals>;
  /** Models that left memory for a turn. */
  swaps: number;
  /** By question: how often each answer was given, and by whom. */
  decisions: Record<string, { answers: Record<string, number>; sources: Record<string, number> }>;
  /** Turns that came to their end as turns of the agent, and in how many of them each prompt segment was on. */
  prompted_turns: number;
  segments: Record<string, number>;
}

/** Sums over all calls of one model; speeds are tokens over time, null where nothing took time. */
export interface ModelTotals {
  steps: number;
  prefilled: number;
  reused: number;
  generated: number;
  prefill_ms: number;
  decode_ms: number;
  prefill_tokens_per_second: number | null;
  decode_tokens_per_second: number | null;
}
