"use client";

import { useEffect, useState } from "react";

import { formatDuration } from "../../_chat/format";
import { statusWords, type HeardWait } from "../../_trace/status-words";
import { stepsOf, traceOf } from "../../_trace/trace";
import type { PrefillProgress, TurnMessage } from "@/lib/wire";

interface StatusProps {
  parts: TurnMessage["parts"];
  /** The newest `data-wait` with the time it came; null before any. */
  wait: HeardWait | null;
  /** The newest `data-prefill`; null before any, and once a new step has begun. */
  prefill: PrefillProgress | null;
}

/** Waits longer than this, in milliseconds, show how long they take. */
const SHOW_TIME_AFTER_MS = 2000;

/** What is happening now, in one line of words; after a moment also for how long this step has run. */
export function Status({ parts, wait, prefill }: StatusProps) {
  const steps = stepsOf(traceOf(parts));
  const step = steps.at(-1)?.step ?? 0;
  return (
    <p className="flex items-center gap-2 text-sm text-quiet" data-testid="status">
      <span aria-hidden="true" className="size-2 shrink-0 rounded-full bg-accent motion-safe:animate-pulse" />
      <Words key={step} progress={{ steps, wait, prefill }} />
    </p>
  );
}

/** Its clock begins with each step anew. */
function Words({ progress }: { progress: Parameters<typeof statusWords>[0] }) {
  const [started] = useState(() => Date.now());
  const [now, setNow] = useState(started);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const elapsed = now - started;
  return (
    <span className="min-w-0 wrap-anywhere tabular-nums">
      {statusWords(progress, now)}
      {elapsed >= SHOW_TIME_AFTER_MS && ` · ${formatDuration(Math.floor(elapsed / 1000) * 1000)}`}
    </span>
  );
}
