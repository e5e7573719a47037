import { useId, type ReactNode } from "react";

import type { MetricsRun } from "@/lib/wire";

import { MessageTime } from "../MessageTime";
import { Measured } from "./Measured";
import { RUN_COLUMNS } from "./run-columns";
import { RunInside } from "./RunInside";

const SOURCES: Partial<Record<string, string>> = {
  chat: "in a conversation",
  agent: "through the API",
  model: "a model alone",
};

interface RunRowProps {
  run: MetricsRun;
  isOpen: boolean;
  onToggle: () => void;
}

/** One turn, and below it its steps when it is open. */
export function RunRow({ run, isOpen, onToggle }: RunRowProps) {
  const id = useId();
  const { answer_tokens: tokens, answer_ms: ms } = run;
  const speed = tokens === null || ms === null || tokens === 0 || ms <= 0 ? null : (tokens / ms) * 1000;
  const cells: ReactNode[] = [
    <button
      key="time"
      type="button"
      aria-expanded={isOpen}
      aria-controls={id}
      className="flex items-baseline gap-1.5 text-left hover:text-accent"
      onClick={onToggle}
    >
      <span aria-hidden="true" className={`text-xs text-quiet ${isOpen ? "rotate-90" : ""}`}>
        ▶
      </span>
      <MessageTime moment={run.began_at} />
    </button>,
    run.words === null ? (
      <span className="text-quiet">{SOURCES[run.source] ?? run.source}</span>
    ) : (
      <span className="line-clamp-1">{run.words.question}</span>
    ),
    run.model ?? "–",
    <Measured key="first" value={run.first_token_ms} unit="ms" />,
    <Measured key="speed" value={speed} unit="rate" />,
    <Measured key="took" value={run.turn_ms} unit="ms" />,
    <span key="outcome" className={run.outcome === "failed" ? "text-bad" : ""}>
      {run.outcome}
    </span>,
    run.rating ?? "–",
  ];
  return (
    <tbody data-testid="run" data-key={run.key} className="border-t border-line">
      <tr>
        {cells.map((cell, index) => (
          <td key={index} className={`px-2 py-1 align-top wrap-anywhere tabular-nums ${RUN_COLUMNS[index]?.place}`}>
            {cell}
          </td>
        ))}
      </tr>
      <tr id={id} hidden={!isOpen}>
        <td colSpan={RUN_COLUMNS.length} className="p-0">
          {isOpen && <RunInside run={run} speed={speed} />}
        </td>
      </tr>
    </tbody>
  );
}
