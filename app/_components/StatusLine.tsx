import { useEffect, useState } from "react";

import type { ModelState } from "@/lib/wire";

import { formatDuration } from "../_chat/format";
import type { Turn } from "../_chat/turn";
import { describeWait } from "../_chat/wait-words";

/** Waits longer than this, in milliseconds, show how long they take. */
const SHOW_TIME_AFTER_MS = 2000;

/** What is being waited for, in words; after a moment also for how long. */
export function StatusLine({ turn, modelState }: { turn: Turn; modelState: ModelState | null }) {
  const { elapsed, now } = useElapsed();
  return (
    <p className="flex items-center gap-2 text-sm text-quiet" data-testid="status">
      <span aria-hidden="true" className="size-2 shrink-0 rounded-full bg-accent motion-safe:animate-pulse" />
      <span>
        {describe(turn, modelState, now)}
        {elapsed >= SHOW_TIME_AFTER_MS && ` · ${formatDuration(Math.floor(elapsed / 1000) * 1000)}`}
      </span>
    </p>
  );
}

function describe(turn: Turn, modelState: ModelState | null, now: number): string {
  const { phase, wait, progress } = turn;
  if (phase === "thinking") return "thinking";
  if (phase === "answering") return "answering";
  if (phase === "reading") {
    return progress === null
      ? "reading your message"
      : `reading your message ${progress.evaluated}/${progress.total} tokens`;
  }
  if (wait !== null) return describeWait(wait, turn.model, now);
  return modelState === "ready" ? "waiting for the model" : "loading the model";
}

function useElapsed(): { elapsed: number; now: number } {
  const [started] = useState(() => Date.now());
  const [now, setNow] = useState(started);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return { elapsed: now - started, now };
}
