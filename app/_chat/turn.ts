import type { CompletionFinishReason, CompletionTimings, CompletionUsage, PrefillProgress } from "@/lib/wire";

import type { ContextUse } from "./context-use";
import type { Wait } from "./progress";

/**
 * How far an answer is: waiting (nothing heard yet, or that its model is not ready) -> reading (the model reads the prompt) -> thinking -> answering, then
 * one of done, stopped (by the visitor), failed.
 */
export type Phase = "waiting" | "reading" | "thinking" | "answering" | "done" | "stopped" | "failed";

export interface ChatError {
  code: string;
  message: string;
}

export interface AnswerFacts {
  usage: CompletionUsage | null;
  timings: CompletionTimings | null;
  finishReason: CompletionFinishReason | null;
  /** From sending to the end, in milliseconds. */
  elapsedMs: number;
}

/** A visitor's message and its answer. */
export interface Turn {
  id: string;
  model: string;
  question: string;
  thought: string;
  answer: string;
  phase: Phase;
  wait: Wait | null;
  progress: PrefillProgress | null;
  facts: AnswerFacts | null;
  error: ChatError | null;
}

/** A message as the API takes it. */
export interface ApiMessage {
  role: "system" | "user" | "assistant";
  content: string;
  reasoning_content?: string;
}

/** A turn that was just asked. */
export function newTurn(model: string, question: string): Turn {
  const id = `turn-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
  const heard = { phase: "waiting" as const, wait: null, progress: null, facts: null, error: null };
  return { id, model, question, thought: "", answer: "", ...heard };
}

/** Whether an answer is still on its way. */
export function isRunning(turn: Turn): boolean {
  return (
    turn.phase === "waiting" || turn.phase === "reading" || turn.phase === "thinking" || turn.phase === "answering"
  );
}

/**
 * What the model is told: the system prompt, every answered turn, then the question. A failed turn is no part of the
 * conversation.
 *
 * @param systemPrompt null for none
 */
export function messagesFor(turns: readonly Turn[], question: string, systemPrompt: string | null): ApiMessage[] {
  const messages: ApiMessage[] = systemPrompt === null ? [] : [{ role: "system", content: systemPrompt }];
  for (const turn of turns) {
    if (turn.answer === "" || turn.phase === "failed") continue;
    messages.push({ role: "user", content: turn.question });
    const thought = turn.thought === "" ? {} : { reasoning_content: turn.thought };
    messages.push({ role: "assistant", content: turn.answer, ...thought });
  }
  messages.push({ role: "user", content: question });
  return messages;
}

/** What the model's context held after its newest answer; null before one was written to its end. */
export function contextOfTurns(turns: readonly Turn[]): ContextUse | null {
  const usage = turns.findLast(({ facts }) => facts?.usage != null)?.facts?.usage;
  return usage == null ? null : { tokens: usage.prompt_tokens + usage.completion_tokens, omittedTurns: 0 };
}

/** The text of the newest answer; null when there is none. */
export function lastAnswerIn(turns: readonly Turn[]): string | null {
  return turns.findLast(({ answer }) => answer.trim() !== "")?.answer ?? null;
}
