import { memo } from "react";

import type { ModelState } from "@/lib/wire";

import { isRunning, type Turn } from "../_chat/turn";
import { AnswerFactsLine } from "./AnswerFactsLine";
import { ErrorNote } from "./ErrorNote";
import { Markdown } from "./Markdown";
import { StatusLine } from "./StatusLine";
import { ThoughtBlock } from "./ThoughtBlock";

interface TurnViewProps {
  turn: Turn;
  isLast: boolean;
  modelState: ModelState | null;
  canRetry: boolean;
  onRetry: (turn: Turn) => void;
  onEdit: (turn: Turn) => void;
}

/** A visitor's message at the right, its answer at the left. Drawn again only when this turn changes. */
export const TurnView = memo(function TurnView({ turn, isLast, modelState, canRetry, onRetry, onEdit }: TurnViewProps) {
  return (
    <article className={`flex flex-col gap-2 ${isLast ? "" : "offscreen-cheap"}`}>
      <h3 className="sr-only">You</h3>
      <p className="max-h-72 max-w-[85%] self-end overflow-y-auto rounded-box border border-accent-line bg-accent-soft px-3 py-2 wrap-anywhere whitespace-pre-wrap">
        {turn.question}
      </p>
      <h3 className="sr-only">Answer of {turn.model}</h3>
      <div className="flex max-w-[95%] min-w-0 flex-col gap-2 self-start">
        {turn.thought !== "" && (
          <ThoughtBlock
            text={turn.thought.trim()}
            isThinking={turn.phase === "thinking"}
            tokens={turn.facts?.usage?.completion_tokens_details.reasoning_tokens}
          />
        )}
        {turn.answer !== "" && (
          <div data-testid="answer">
            <Markdown text={turn.answer} isStreaming={isRunning(turn)} />
          </div>
        )}
        {isRunning(turn) && <StatusLine turn={turn} modelState={modelState} />}
        {turn.error !== null && (
          <ErrorNote error={turn.error} canRetry={canRetry} onRetry={() => onRetry(turn)} onEdit={() => onEdit(turn)} />
        )}
        {turn.facts !== null && turn.error === null && (
          <AnswerFactsLine
            facts={turn.facts}
            stopped={turn.phase === "stopped"}
            canRetry={canRetry}
            onRetry={() => onRetry(turn)}
          />
        )}
      </div>
    </article>
  );
});
