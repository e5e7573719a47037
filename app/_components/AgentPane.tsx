"use client";

import "../_chat/zod-without-eval";
import { useImperativeHandle } from "react";

import type { AgentSessionListener } from "../_chat/agent-session-contract";
import { keepInBrowser } from "../_chat/browser-storage";
import { contextUse } from "../_chat/context-use";
import { lastAnswerOf } from "../_chat/message-text";
import type { PaneProps } from "../_chat/pane";
import { useAgentSession } from "../_chat/use-agent-session";
import { useContextUse } from "../_chat/use-context-use";
import { useLinkedMessage } from "../_chat/use-linked-message";
import { usePaneState } from "../_chat/use-pane-state";
import { LostNote } from "./AnswerView";
import { ConversationLog } from "./ConversationLog";
import { Examples } from "./Examples";
import { GROUP_SIZE, MessageGroup } from "./MessageGroup";
import { Status } from "./parts";

export interface AgentPaneProps extends PaneProps {
  id: string;
  /** The message that begins the conversation; null: the server has it already. */
  first: string | null;
  listener: AgentSessionListener;
}

/** A conversation with the agent, as the server keeps it. */
export default function AgentPane({ id, first, listener, controls, onState, onExample }: AgentPaneProps) {
  const { session, state, messages, isBusy } = useAgentSession(id, first, listener);
  const { announcement, phase, problem, isLost, details, wait, prefill } = state;
  const context = useContextUse(contextUse(messages));
  const linked = useLinkedMessage(session, phase, messages);
  useImperativeHandle(
    controls,
    () => ({
      ask: (text) => void session.ask(text),
      stop: () => void session.stop(),
      lastAnswer: () => lastAnswerOf(session.chat.messages),
    }),
    [session],
  );
  usePaneState(onState, { isBusy, announcement, context });
  const last = messages.at(-1);
  const groupStarts = Array.from({ length: Math.ceil(messages.length / GROUP_SIZE) }, (_, index) => index * GROUP_SIZE);
  const questions = messages.filter(({ role }) => role === "user").length;
  return (
    <ConversationLog count={questions} isBusy={isBusy} linked={linked}>
      {phase === "opening" && (isLost ? <LostNote /> : <p className="text-quiet">The conversation is being read.</p>)}
      {phase === "missing" && (
        <p className="m-auto max-w-md text-center text-quiet" data-testid="missing">
          There is no such conversation here: it was deleted, or it is another visitor&apos;s.
          {!keepInBrowser("memwell.probe", "") &&
            " Your browser keeps nothing here: after a reload you are another visitor."}{" "}
          Begin a new one, or choose one from the list.
        </p>
      )}
      {phase === "open" && messages.length === 0 && <Examples onChoose={onExample} />}
      {groupStarts.map((start) => (
        <MessageGroup key={start} start={start} {...{ messages, details, isBusy, isLost, wait, prefill, session }} />
      ))}
      {isBusy && last?.role === "user" && (isLost ? <LostNote /> : <Status parts={[]} wait={null} prefill={null} />)}
      {problem !== null && (
        <p
          className="rounded-box border border-bad-line bg-bad-soft px-3 py-2 wrap-anywhere text-bad"
          data-testid="error"
        >
          {problem}
        </p>
      )}
    </ConversationLog>
  );
}
