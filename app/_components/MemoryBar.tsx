"use client";

import { Fragment } from "react";

import type { MemoryBody } from "@/lib/wire";

import { formatBytes } from "../_chat/format";
import { useMemory } from "../_chat/use-memory";

/** Shades that differ in lightness too, for who does not see the colours. */
const SHADES = ["#c2410c", "#2563eb", "#0f766e", "#a16207"];
const OTHERS = "#71717a";

/** The memory budget, live; nothing for a visitor who may not see it. */
export function MemoryBar() {
  const memory = useMemory();
  if (memory === "withheld") return null;
  return memory === null ? <div className="h-11 sm:h-8" data-testid="memory-wait" /> : <MemoryBudget memory={memory} />;
}

/** The memory budget as one bar: each model's process, the server, everything else, and where the budget ends. */
export function MemoryBudget({ memory }: { memory: MemoryBody }) {
  const { limit, budget, use, server, spare, models, queue } = memory;
  const parts = models.map((model, index) => ({
    name: model.ids.join(", "),
    bytes: model.anonymous ?? 0,
    shade: SHADES[index % SHADES.length] as string,
    isModel: true,
  }));
  parts.push({
    name: "web server and spare process",
    bytes: (server?.anonymous ?? 0) + (spare?.anonymous ?? 0),
    shade: OTHERS,
    isModel: false,
  });
  const known = parts.reduce((sum, part) => sum + part.bytes, 0);
  parts.push({
    name: "everything else",
    bytes: Math.max(0, use.used - known),
    shade: "#a1a1aa",
    isModel: false,
  });
  const shown = parts.filter((part) => part.bytes > 0);
  const percent = (bytes: number): string => `${Math.min(100, (bytes / limit.bytes) * 100)}%`;
  const words = `${formatBytes(Math.max(known, use.used))} held of a budget of ${formatBytes(budget)}`;
  const limitWords = ` (${Math.round(memory.threshold * 100)} % of ${formatBytes(limit.bytes)}, ${
    BOUND_WORDS[limit.bound] ?? limit.bound
  })`;
  return (
    <section aria-label="Memory" data-testid="memory">
      <div className="relative flex h-2 overflow-hidden rounded-full border border-line bg-surface" aria-hidden="true">
        {shown.map((part) => (
          <span
            key={part.name}
            title={`${part.name}: ${formatBytes(part.bytes)}`}
            style={{ width: percent(part.bytes), minWidth: 2, background: part.shade }}
          />
        ))}
        <span className="absolute inset-y-0 w-0.5 bg-ink" style={{ left: percent(budget) }} />
      </div>
      <p className="mt-1 text-xs wrap-anywhere text-quiet">
        {words}
        <span className="hidden sm:inline">{limitWords}</span>
        {queue.length > 0 &&
          ` · ${queue.length === 1 ? "1 request waits" : `${queue.length} requests wait`} for a model`}
        {models.length === 0 && " · no model is loaded"}
        <span className="block sm:inline">
          {shown.map((part) => (
            <Fragment key={part.name}>
              {" "}
              {/* Where there is little room, only the models are named: they are what can be asked to leave. */}
              <span className={`mr-3 sm:mr-0 sm:ml-3 ${part.isModel ? "inline-block" : "hidden sm:inline-block"}`}>
                <span
                  className="mr-1 inline-block size-2 rounded-full"
                  style={{ background: part.shade }}
                  aria-hidden="true"
                />
                {part.name} {formatBytes(part.bytes)}
              </span>
            </Fragment>
          ))}
        </span>
      </p>
    </section>
  );
}

const BOUND_WORDS: Record<string, string> = {
  cgroup: "the container's limit",
  space: "the Space's memory",
  host: "this machine's memory",
  user: "set by MEMWELL_MEMORY_BUDGET",
};
