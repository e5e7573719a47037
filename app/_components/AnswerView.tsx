import { memo } from "react";

import type { MessageDetails, PrefillProgress, TurnMessage } from "@/lib/wire";

import type { HeardWait } from "../_trace/status-words";
import type { AgentSession } from "../_chat/agent-session";
import { draftAt } from "../_chat/drafts";
import { textOf, thoughtOf } from "../_chat/message-text";
import { AnswerActions } from "./AnswerActions";
import { AnswerParts } from "./AnswerParts";
import { Status, Trace } from "./parts";
import { ThoughtBlock } from "./ThoughtBlock";

interface AnswerViewProps {
  message: TurnMessage;
  details: MessageDetails | undefined;
  /** The message after it; undefined when it is the last one. */
  next: TurnMessage | undefined;
  isLive: boolean;
  isLast: boolean;
  /** Nothing of it is laid out while it is out of sight. */
  isCheap: boolean;
  isLost: boolean;
  wait: HeardWait | null;
  prefill: PrefillProgress | null;
  canAct: boolean;
  session: AgentSession;
}

/** An answer: thoughts, tools, text, what it cost, and what can be done with it. Drawn again only when it changes. */
export const AnswerView = memo(function AnswerView(props: AnswerViewProps) {
  const { message, details, next, isLive, isLast, isCheap, isLost, wait, prefill, canAct, session } = props;
  const { parts } = message;
  const thought = thoughtOf(message);
  const hasText = parts.some((part) => part.type === "text");
  return (
    <article className={`flex min-w-0 flex-col gap-2 ${isCheap ? "offscreen-cheap" : ""}`}>
      <h3 className="sr-only">Answer</h3>
      {thought !== "" && <ThoughtBlock text={thought} isThinking={isLive && !hasText} />}
      <AnswerParts
        parts={parts}
        isLive={isLive}
        canAct={canAct && isLast}
        reply={next === undefined ? undefined : textOf(next)}
        draft={draftAt(session.id, message.id, "practice")}
        onAnswer={(text) => void session.ask(text)}
      />
      {isLive && !isLost && <Status parts={parts} wait={wait} prefill={prefill} />}
      {isLost && <LostNote />}
      <Trace parts={parts} isLive={isLive} run={message.metadata?.run ?? null} />
      {!isLive && (
        <AnswerActions message={message} details={details} isLast={isLast} canAct={canAct} session={session} />
      )}
    </article>
  );
});

/** The server is asked again by itself. */
export function LostNote() {
  return (
    <p className="flex items-center gap-2 text-sm text-quiet" data-testid="status">
      <span aria-hidden="true" className="size-2 shrink-0 rounded-full bg-bad motion-safe:animate-pulse" />
      The connection to the server is lost. What it writes is kept, and is shown as soon as it can be heard again.
    </p>
  );
}
