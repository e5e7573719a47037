import { useCallback, useImperativeHandle } from "react";

import type { ModelState } from "@/lib/wire";

import type { PaneProps } from "../_chat/pane";
import { useContextUse } from "../_chat/use-context-use";
import { usePaneState } from "../_chat/use-pane-state";
import { contextOfTurns, isRunning, lastAnswerIn, type Turn } from "../_chat/turn";
import type { ModelChat } from "../_chat/use-model-chat";
import { ConversationLog } from "./ConversationLog";
import { Examples } from "./Examples";
import { TurnView } from "./TurnView";

interface ModelPaneProps extends PaneProps {
  chat: ModelChat;
  modelId: string;
  /** The model's state; null when it is not known. */
  modelState: ModelState | null;
  /** A question goes back into the text box, to be changed. */
  onEdit: (question: string) => void;
}

/** A conversation with one model alone: nothing is decided, calculated or kept. */
export function ModelPane({ chat, modelId, modelState, controls, onState, onExample, onEdit }: ModelPaneProps) {
  const { turns, isBusy, announcement, ask, stop, retry, remove } = chat;
  const context = useContextUse(contextOfTurns(turns));
  useImperativeHandle(
    controls,
    () => ({ ask: (text) => ask(modelId, text), stop, lastAnswer: () => lastAnswerIn(turns) }),
    [ask, stop, modelId, turns],
  );
  usePaneState(onState, { isBusy, announcement, context });
  const onRetry = useCallback((turn: Turn) => retry(turn, modelId), [retry, modelId]);
  const onEditTurn = useCallback(
    (turn: Turn) => {
      remove(turn);
      onEdit(turn.question);
    },
    [remove, onEdit],
  );
  return (
    <>
      <p className="border-b border-line px-3 py-1.5 text-sm text-quiet sm:px-5">
        {modelId} answers alone here, without the agent&apos;s steps and tools. This conversation is not kept: it ends
        with the page.
      </p>
      <ConversationLog count={turns.length} isBusy={isBusy}>
        {turns.length === 0 && <Examples onChoose={onExample} />}
        {turns.map((turn, index) => (
          <TurnView
            key={turn.id}
            turn={turn}
            isLast={index === turns.length - 1}
            modelState={isRunning(turn) ? modelState : null}
            canRetry={!isBusy}
            onRetry={onRetry}
            onEdit={onEditTurn}
          />
        ))}
      </ConversationLog>
    </>
  );
}
