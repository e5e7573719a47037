import { useState, type MouseEvent } from "react";

import { Markdown } from "./Markdown";

interface ThoughtBlockProps {
  text: string;
  /** The model thinks, and has not begun to answer. */
  isThinking: boolean;
  /** How long it thought; undefined when that is not known. */
  tokens?: number | undefined;
}

/**
 * The model's thinking, apart from its answer: open while it thinks, folded when it answers, unless the visitor chose. It is
 * Markdown, as models think in it; the trace has it as it was written.
 */
export function ThoughtBlock({ text, isThinking, tokens }: ThoughtBlockProps) {
  const [chosen, setChosen] = useState<boolean | null>(null);
  const isOpen = chosen ?? isThinking;
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
      {isOpen && (
        <div
          tabIndex={0}
          role="group"
          aria-label="What the model thought"
          className="max-h-64 overflow-y-auto border-t border-line px-3 py-2 text-quiet -outline-offset-2"
        >
          <Markdown text={text} isStreaming={isThinking} />
        </div>
      )}
    </details>
  );
}
