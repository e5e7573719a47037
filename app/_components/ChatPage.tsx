"use client";

import { useCallback, useMemo, useRef, useState } from "react";

import { goToConversation } from "../_chat/conversation-address";
import { focusSearch } from "../_chat/focus-search";
import { IDLE, type PaneControls } from "../_chat/pane";
import { useAgentPane } from "../_chat/use-agent-pane";
import { useContextSize } from "../_chat/use-context-size";
import { useConversationActions } from "../_chat/use-conversation-actions";
import { useConversations } from "../_chat/use-conversations";
import { useDraft } from "../_chat/use-draft";
import { useModels } from "../_chat/use-models";
import { useOpenConversation } from "../_chat/use-open-conversation";
import { usePageSettings } from "../_chat/use-page-settings";
import { usePageShortcuts } from "../_chat/use-page-shortcuts";
import { useStopOnEscape } from "../_chat/use-stop-on-escape";
import { useKeptChat } from "./ChatKeeper";
import { Composer } from "./Composer";
import { ContextMeter } from "./ContextMeter";
import { ConversationDrawer } from "./ConversationDrawer";
import { ConversationList } from "./ConversationList";
import { EmptyPane } from "./EmptyPane";
import { Footer } from "./Footer";
import { ForgottenNote } from "./ForgottenNote";
import { Header } from "./Header";
import { MemoryBar } from "./MemoryBar";
import { ModelPane } from "./ModelPane";
import { AnsweringLine } from "./models/AnsweringLine";
import { ModelsButton } from "./models/ModelsButton";
import { SettingsButton } from "./settings/SettingsButton";
import { ShortcutList } from "./ShortcutList";
import { ShortcutNote } from "./ShortcutNote";
import { UndoNote } from "./UndoNote";

/** The chat: the parts of the page and what passes between them. */
export function ChatPage({ agentId }: { agentId: string }) {
  const { chosenId, choose, modelChat } = useKeptChat();
  const modelId = chosenId ?? agentId;
  const isAgent = modelId === agentId;
  const { opened, note, open, begin, settle } = useOpenConversation();
  const openId = opened?.id ?? null;
  const [state, setState] = useState(IDLE);
  const [refusal, setRefusal] = useState<{ of: string | null; reason: string } | null>(null);
  const [drawer, setDrawer] = useState<"list" | "search" | null>(null);
  const aside = useRef<HTMLElement>(null);
  const controls = useRef<PaneControls>(null);
  const draft = useDraft(opened === undefined ? undefined : opened?.first == null ? openId : null);
  const list = useConversations();
  const { Pane, problem, prepare } = useAgentPane(isAgent && openId !== null);
  const { models, problem: modelsProblem, refresh: refreshModels } = useModels(state.isBusy);
  const model = models?.find((entry) => entry.id === modelId);
  const settings = usePageSettings(models?.find((entry) => entry.id === agentId));
  const contextSize = useContextSize(model);
  // The model that was asked alone may be gone.
  const showAgentAgain = useCallback(() => {
    choose(agentId);
    refreshModels();
  }, [choose, agentId, refreshModels]);
  const { write, read, giveBack, moveTo, keepSent, forgetSent, takeBack, field } = draft;

  const show = useCallback(
    (id: string | null) => {
      choose(agentId);
      setDrawer(null);
      if (id !== null && id === openId) return;
      setRefusal(null);
      takeBack();
      open(id);
      if (id === null) field.current?.focus();
    },
    [agentId, choose, open, openId, takeBack, field],
  );
  const onRemoved = useCallback(
    (id: string) => {
      // Nothing outside an open drawer can be pressed: the way to have it back could not.
      setDrawer(null);
      if (id === openId) show(null);
    },
    [openId, show],
  );
  const actions = useConversationActions(list.refresh, show, onRemoved);

  const ask = (text: string) => {
    setRefusal(null);
    if (isAgent) keepSent(text);
    if (isAgent && openId === null) begin(text);
    else controls.current?.ask(text);
    field.current?.focus();
  };
  const submit = () => {
    const text = read();
    const canAsk = openId === null ? true : controls.current !== null;
    if (text === "" || state.isBusy || !canAsk) return;
    write("");
    ask(text);
  };
  const listener = useMemo(
    () => ({
      onBegan: () => {
        if (openId === null) return;
        forgetSent();
        moveTo(openId);
        goToConversation(openId);
        settle();
        list.refresh();
      },
      onRefused: (text: string, reason: string) => {
        forgetSent();
        giveBack(text);
        setRefusal({ of: openId, reason });
      },
      onChanged: list.refresh,
      settings: settings.agentFields,
    }),
    [openId, moveTo, forgetSent, settle, list.refresh, giveBack, settings.agentFields],
  );
  const stop = useCallback(() => controls.current?.stop(), []);
  useStopOnEscape(state.isBusy, stop);
  const startAnew = () => {
    if (isAgent) return show(null);
    modelChat.clear();
    field.current?.focus();
  };
  const shortcuts = usePageShortcuts({
    focusField: () => field.current?.focus(),
    startAnew,
    search: () => focusSearch(aside.current) || setDrawer("search"),
    lastAnswer: () => controls.current?.lastAnswer() ?? null,
  });
  const conversations = <ConversationList list={list} actions={actions} openId={openId} onOpen={show} />;
  const shared = { controls, onState: setState, onExample: ask };
  return (
    <div className="mx-auto flex h-dvh max-w-6xl flex-col gap-3 px-3 pt-3 sm:px-5 short:gap-1.5 short:pt-1.5">
      <Header
        models={models}
        problem={modelsProblem}
        agentId={agentId}
        modelId={modelId}
        onChoose={choose}
        onRefresh={refreshModels}
        onNew={(isAgent ? openId !== null : modelChat.turns.length > 0) ? startAnew : null}
        onList={() => setDrawer("list")}
        settings={
          <>
            <ModelsButton onChanged={showAgentAgain} />
            <SettingsButton {...(isAgent ? settings.agent : settings.model)} />
          </>
        }
      />
      <div className="short:hidden">
        <MemoryBar />
      </div>
      <ForgottenNote />
      <AnsweringLine
        models={models}
        agentId={agentId}
        modelId={modelId}
        onChanged={showAgentAgain}
        onQuestion={(question) => {
          giveBack(question);
          field.current?.focus();
        }}
      />
      <div className="flex min-h-64 flex-1 gap-4 short:min-h-52">
        <aside ref={aside} className="hidden w-60 shrink-0 flex-col lg:flex">
          {conversations}
        </aside>
        <main
          className="flex min-w-0 flex-1 flex-col overflow-hidden rounded-box border border-line bg-surface"
          onFocus={prepare}
          onPointerDown={prepare}
        >
          {!isAgent ? (
            <ModelPane
              {...shared}
              chat={modelChat}
              modelId={modelId}
              modelState={model?.memwell.state ?? null}
              onEdit={(question) => {
                giveBack(question);
                field.current?.focus();
              }}
            />
          ) : openId !== null && Pane !== null ? (
            <Pane key={openId} {...shared} id={openId} first={opened?.first ?? null} listener={listener} />
          ) : (
            <EmptyPane
              status={openId === null ? null : "The conversation is being opened."}
              note={note}
              problem={problem}
              onExample={ask}
            />
          )}
          <Composer
            draft={draft}
            isBusy={state.isBusy}
            refusal={refusal?.of === openId ? refusal.reason : null}
            onSubmit={submit}
            onStop={stop}
            meter={<ContextMeter use={state.context} size={contextSize} />}
          />
        </main>
      </div>
      <div className="short:hidden">
        <Footer modelId={modelId} onShortcuts={() => shortcuts.showList(true)} />
      </div>
      <p className="sr-only" role="status" aria-live="polite" data-testid="announcement">
        {state.announcement}
      </p>
      {drawer !== null && (
        <ConversationDrawer isSearch={drawer === "search"} onClose={() => setDrawer(null)}>
          {conversations}
        </ConversationDrawer>
      )}
      {shortcuts.isListOpen && <ShortcutList onClose={() => shortcuts.showList(false)} />}
      <ShortcutNote text={shortcuts.note} />
      <UndoNote removed={actions.removed} onUndo={() => void actions.undo()} />
    </div>
  );
}
