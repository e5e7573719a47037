import { useState, type MouseEvent } from "react";

import type { Turn } from "../_chat/turn";

/** The model's thinking, apart from its answer: open while it thinks, folded when it answers, unless the visitor chose. */
export function ThoughtBlock({ turn }: { turn: Turn }) {
  const [chosen, setChosen] = useState<boolean | null>(null);
  const isThinking = turn.phase === "thinking";
  const isOpen = chosen ?? isThinking;
  const tokens = turn.facts?.usage?.completion_tokens_details.reasoning_tokens;
  const toggle = (event: MouseEvent) => {
    // React keeps `open`; the browser would toggle it a second time.
    event.preventDefault();
    setChosen(!isOpen);
  };
  return (
    <details open={isOpen} className="rounded-box border border-line bg-raised text-sm" data-testid="thought">
      <summary className="px-3 py-1.5 text-quiet select-none" onClick={toggle}>
        {isThinking ? "Thinking" : "Thought"}
        {tokens !== undefined && tokens > 0 && ` for ${tokens} tokens`}
      </summary>
      <p className="max-h-64 overflow-y-auto border-t border-line px-3 py-2 wrap-anywhere whitespace-pre-wrap text-quiet">
        {turn.thought.trim()}
      </p>
    </details>
  );
}
