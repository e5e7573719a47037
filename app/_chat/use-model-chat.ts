"use client";

import { useCallback, useEffect, useReducer, useRef, useState } from "react";

import { reduceConversation } from "./conversation";
import { FrameBatch } from "./frame-batch";
import type { Wait } from "./progress";
import { completionFields, type AnswerSettings } from "./settings";
import { ChatFailure, streamCompletion } from "./stream-completion";
import { messagesFor, newTurn, type AnswerFacts, type ChatError, type Turn } from "./turn";
import { announceWait } from "./wait-words";

/** A conversation with one answer at a time; see the returned functions. */
export interface ModelChat {
  turns: readonly Turn[];
  isBusy: boolean;
  /** What a screen reader is told: that an answer waits, began, ended, or failed. */
  announcement: string;
  ask: (model: string, question: string) => void;
  stop: () => void;
  /** Asks a failed or stopped turn's question anew, in its place. */
  retry: (turn: Turn, model: string) => void;
  remove: (turn: Turn) => void;
  clear: () => void;
}

/**
 * A conversation with one model alone, which no server keeps: it lives as long as the page does.
 *
 * @param settings how questions are answered from now on
 */
export function useModelChat(settings: AnswerSettings): ModelChat {
  const [turns, dispatch] = useReducer(reduceConversation, []);
  const [isBusy, setBusy] = useState(false);
  const [announcement, setAnnouncement] = useState("");
  const running = useRef<AbortController | null>(null);
  const latest = useRef(turns);
  const wanted = useRef(settings);
  useEffect(() => {
    latest.current = turns;
    wanted.current = settings;
  }, [turns, settings]);
  useEffect(() => () => running.current?.abort(), []);

  const run = useCallback(async (turn: Turn, before: readonly Turn[]) => {
    const abort = new AbortController();
    running.current = abort;
    setBusy(true);
    dispatch({ type: "ask", turn });
    const { id, model } = turn;
    const { systemPrompt } = wanted.current;
    const started = performance.now();
    const facts: AnswerFacts = { usage: null, timings: null, finishReason: null, elapsedMs: 0 };
    let lastWait: Wait | null = null;
    const batch = new FrameBatch((thought, answer) => dispatch({ type: "append", id, thought, answer }));
    const finish = (phase: "done" | "stopped" | "failed", said: string, error: ChatError | null) => {
      batch.flush();
      facts.elapsedMs = performance.now() - started;
      dispatch({ type: "change", id, change: { phase, facts, error } });
      setAnnouncement(said);
      running.current = null;
      setBusy(false);
    };
    try {
      await streamCompletion(
        { model, messages: messagesFor(before, turn.question, systemPrompt), ...completionFields(wanted.current) },
        {
          onStart: () => {
            // What was said before a change comes before it: an agent waits and reads between its thoughts.
            batch.flush();
            dispatch({ type: "change", id, change: { phase: "reading", progress: null } });
            setAnnouncement("The answer begins.");
          },
          onWait: (wait) => {
            batch.flush();
            dispatch({ type: "change", id, change: { phase: "waiting", wait } });
            const said = announceWait(wait, lastWait, model, Date.now());
            if (said !== null) setAnnouncement(said);
            lastWait = wait;
          },
          onProgress: (progress) => dispatch({ type: "change", id, change: { progress } }),
          onThought: (text) => batch.add(text, ""),
          onText: (text) => batch.add("", text),
          onEnd: ({ usage, timings, finishReason }) => {
            facts.usage = usage ?? facts.usage;
            facts.timings = timings ?? facts.timings;
            facts.finishReason = finishReason ?? facts.finishReason;
          },
        },
        abort.signal,
      );
      finish("done", `The answer is complete, ${facts.usage?.completion_tokens ?? 0} tokens.`, null);
    } catch (thrown) {
      if (abort.signal.aborted) return finish("stopped", "The answer was stopped.", null);
      const error =
        thrown instanceof ChatFailure
          ? thrown.detail
          : { code: "unreadable", message: `${String(thrown)}: try again.` };
      finish("failed", `The answer failed: ${error.message}`, error);
    }
  }, []);

  const ask = useCallback(
    (model: string, question: string) => {
      if (running.current === null) void run(newTurn(model, question), latest.current);
    },
    [run],
  );
  const stop = useCallback(() => running.current?.abort(), []);
  const remove = useCallback((turn: Turn) => dispatch({ type: "remove", id: turn.id }), []);
  const retry = useCallback(
    (turn: Turn, model: string) => {
      if (running.current !== null) return;
      dispatch({ type: "remove", id: turn.id });
      void run(
        newTurn(model, turn.question),
        latest.current.filter((other) => other.id !== turn.id),
      );
    },
    [run],
  );
  const clear = useCallback(() => {
    running.current?.abort();
    dispatch({ type: "clear" });
  }, []);

  return { turns, isBusy, announcement, ask, stop, retry, remove, clear };
}
