import type { ReactNode } from "react";

import type { ModelEntry } from "@/lib/wire";

import { ModelSelect } from "./ModelSelect";
import { SiteTabs } from "./SiteTabs";

interface HeaderProps {
  models: ModelEntry[] | null;
  problem: string | null;
  agentId: string;
  modelId: string;
  onChoose: (id: string) => void;
  onRefresh: () => void;
  /** Null while the chat is a new one. */
  onNew: (() => void) | null;
  /** Shows the list of conversations, where there is no room for it beside the chat. */
  onList: () => void;
  settings: ReactNode;
}

/** The name, the tabs, what it is, and which model answers. */
export function Header(props: HeaderProps) {
  const { models, problem, agentId, modelId, onChoose, onRefresh, onNew, onList, settings } = props;
  return (
    <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-2">
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-x-5 gap-y-1">
          <h1 className="text-xl leading-tight font-semibold">Memwell</h1>
          <SiteTabs current="chat" />
        </div>
        <p className="text-sm text-quiet max-sm:sr-only short:sr-only">
          A fine-tuned model and a reasoning model on one small machine
        </p>
      </div>
      <div className="flex min-w-0 flex-wrap items-end gap-2">
        <ModelSelect
          models={models}
          problem={problem}
          agentId={agentId}
          modelId={modelId}
          onChoose={onChoose}
          onRefresh={onRefresh}
        />
        {settings}
        <button type="button" className="button-quiet h-8 lg:hidden" onClick={onList}>
          Conversations
        </button>
        {onNew !== null && (
          <button
            type="button"
            className={`button-quiet h-8 ${modelId === agentId ? "lg:hidden" : ""}`}
            onClick={onNew}
          >
            New chat
          </button>
        )}
      </div>
    </header>
  );
}
