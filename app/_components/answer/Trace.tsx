"use client";

import { useId, useState } from "react";

import type { TurnMessage } from "@/lib/wire";

import { readEnd } from "../../_trace/read-data";
import { stepsOf, traceOf } from "../../_trace/trace";
import { summaryWords } from "../../_trace/words";
import { MemoryLink } from "./MemoryLink";
import { TraceSteps } from "./TraceSteps";

interface TraceProps {
  parts: TurnMessage["parts"];
  /** Whether the answer is still on its way. */
  isLive: boolean;
  /** What the ledger knows it by; null for an answer that was written elsewhere. */
  run?: string | null;
}

/** Where an answer's time and memory went: one line that opens into its steps. Nothing before the first step. */
export function Trace({ parts, isLive, run = null }: TraceProps) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const items = traceOf(parts);
  const steps = stepsOf(items);
  if (steps.length === 0) return null;
  const turn = parts.find((part) => part.type === "data-turn");
  return (
    <div className="w-full min-w-0" data-testid="trace">
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={id}
        className="group flex max-w-full items-baseline gap-1.5 text-left text-sm text-quiet hover:text-ink"
        onClick={() => setOpen(!isOpen)}
      >
        <svg
          viewBox="0 0 12 12"
          className={`size-2.5 shrink-0 ${isOpen ? "rotate-90" : ""}`}
          fill="currentColor"
          aria-hidden="true"
        >
          <path d="M3 1l7 5-7 5z" />
        </svg>
        <span className="min-w-0 tabular-nums">
          <span className="sr-only">Steps of this answer: </span>
          {summaryWords(steps, turn === undefined ? null : readEnd(turn.data), isLive)}
        </span>
      </button>
      <div id={id} hidden={!isOpen}>
        {isOpen && <TraceSteps items={items} isLive={isLive} />}
        {isOpen && run !== null && <MemoryLink run={run} />}
      </div>
    </div>
  );
}
