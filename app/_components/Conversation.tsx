import type { ModelState } from "@/lib/wire";

import { isRunning, type Turn } from "../_chat/turn";
import { useStickToBottom } from "../_chat/use-stick-to-bottom";
import { Examples } from "./Examples";
import { TurnView } from "./TurnView";

interface ConversationProps {
  turns: readonly Turn[];
  /** The answering model's state; null when nothing is being answered. */
  modelState: ModelState | null;
  isBusy: boolean;
  onExample: (question: string) => void;
  onRetry: (turn: Turn) => void;
  onEdit: (turn: Turn) => void;
}

/** All turns, or examples to begin with. Tokens are not announced; the page says when an answer begins and ends. */
export function Conversation({ turns, modelState, isBusy, onExample, onRetry, onEdit }: ConversationProps) {
  const { list, content, onScroll } = useStickToBottom(turns.length);
  return (
    <div
      ref={list}
      onScroll={onScroll}
      role="log"
      aria-live="off"
      aria-busy={isBusy}
      aria-label="Conversation"
      tabIndex={0}
      className="min-h-0 flex-1 overflow-x-hidden overflow-y-auto px-3 py-4 -outline-offset-2 sm:px-5"
    >
      <div ref={content} className="flex min-h-full flex-col gap-5">
        {turns.length === 0 && <Examples onChoose={onExample} />}
        {turns.map((turn, index) => (
          <TurnView
            key={turn.id}
            turn={turn}
            isLast={index === turns.length - 1}
            modelState={isRunning(turn) ? modelState : null}
            canRetry={!isBusy}
            onRetry={onRetry}
            onEdit={onEdit}
          />
        ))}
      </div>
    </div>
  );
}
