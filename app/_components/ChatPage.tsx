"use client";

import { useCallback, useEffect, useState } from "react";

import { isRunning, type Turn } from "../_chat/turn";
import { useChat } from "../_chat/use-chat";
import { useDraft } from "../_chat/use-draft";
import { useModels } from "../_chat/use-models";
import { Composer } from "./Composer";
import { Conversation } from "./Conversation";
import { DemoNotice } from "./DemoNotice";
import { Footer } from "./Footer";
import { Header } from "./Header";
import { MemoryBar } from "./MemoryBar";

/** The chat: the parts of the page and what passes between them. */
export function ChatPage({ agentId }: { agentId: string }) {
  const chat = useChat();
  const draft = useDraft();
  const [modelId, setModelId] = useState(agentId);
  const lastTurn = chat.turns.at(-1);
  const { models, problem, refresh } = useModels(lastTurn?.phase === "waiting");
  const model = models?.find((entry) => entry.id === modelId);

  const { ask, stop, retry, remove, isBusy } = chat;
  const askAndType = useCallback(
    (question: string) => {
      ask(modelId, question);
      draft.field.current?.focus();
    },
    [ask, modelId, draft.field],
  );
  const submit = () => {
    const question = draft.read();
    if (question === "" || isBusy) return;
    draft.write("");
    askAndType(question);
  };
  const retryTurn = useCallback(
    (turn: Turn) => {
      retry(turn, modelId);
      draft.field.current?.focus();
    },
    [retry, modelId, draft.field],
  );
  const { write, field, read } = draft;
  const editTurn = useCallback(
    (turn: Turn) => {
      // What stands in the field already is not thrown away for it.
      write([turn.question, read()].filter((text) => text !== "").join("\n\n"));
      remove(turn);
      field.current?.focus();
    },
    [write, read, remove, field],
  );
  useStopOnEscape(isBusy, stop);

  return (
    <div className="mx-auto flex h-dvh max-w-4xl flex-col gap-3 px-3 pt-3 sm:px-5">
      <Header
        models={models}
        problem={problem}
        agentId={agentId}
        modelId={modelId}
        onChoose={setModelId}
        onRefresh={refresh}
        onClear={chat.turns.length > 0 ? chat.clear : null}
      />
      <MemoryBar />
      {model?.memwell.source === "demo" && <DemoNotice />}
      <main className="flex min-h-64 flex-1 flex-col overflow-hidden rounded-box border border-line bg-surface">
        <Conversation
          turns={chat.turns}
          modelState={lastTurn !== undefined && isRunning(lastTurn) ? (model?.memwell.state ?? null) : null}
          isBusy={isBusy}
          onExample={askAndType}
          onRetry={retryTurn}
          onEdit={editTurn}
        />
        <Composer draft={draft} isBusy={isBusy} onSubmit={submit} onStop={stop} />
      </main>
      <Footer modelId={modelId} />
      <p className="sr-only" role="status" aria-live="polite">
        {chat.announcement}
      </p>
    </div>
  );
}

function useStopOnEscape(isBusy: boolean, stop: () => void): void {
  useEffect(() => {
    if (!isBusy) return;
    const onKey = (event: KeyboardEvent) => {
      // In a dialog Escape closes the dialog.
      if (event.key === "Escape" && document.querySelector("dialog[open]") === null) stop();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [isBusy, stop]);
}
