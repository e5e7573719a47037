import type { ReactNode } from "react";

import { useStickToBottom } from "../_chat/use-stick-to-bottom";
import { LinkedMessage } from "./MessagePlace";

interface ConversationLogProps {
  /** How many questions were asked: another one is always brought into sight. */
  count: number;
  isBusy: boolean;
  /** The message that a link leads to: it is brought into sight once, and marked. */
  linked?: string | null;
  children: ReactNode;
}

/** Where a conversation scrolls. Tokens are not announced; the page says when an answer begins and ends. */
export function ConversationLog({ count, isBusy, linked = null, children }: ConversationLogProps) {
  const { list, content, onScroll, onOwnMove } = useStickToBottom(count, linked);
  return (
    <div
      ref={list}
      onScroll={onScroll}
      onWheel={onOwnMove}
      onTouchMove={onOwnMove}
      onPointerDown={onOwnMove}
      onKeyDown={onOwnMove}
      role="log"
      aria-live="off"
      aria-busy={isBusy}
      aria-label="Conversation"
      tabIndex={0}
      className="min-h-0 flex-1 relative overflow-x-hidden overflow-y-auto px-3 py-4 -outline-offset-2 sm:px-5"
    >
      <h2 className="sr-only">Conversation</h2>
      <div ref={content} className="flex min-h-full flex-col gap-5">
        <LinkedMessage value={linked}>{children}</LinkedMessage>
      </div>
    </div>
  );
}
