import { useId, useRef, type ChangeEvent } from "react";

import type { Conversations } from "../_chat/use-conversations";
import type { ConversationActions } from "../_chat/use-conversation-actions";
import { ConversationRow } from "./ConversationRow";

interface ConversationListProps {
  list: Conversations;
  actions: ConversationActions;
  /** The one that is shown. */
  openId: string | null;
  onOpen: (id: string | null) => void;
}

/** The visitor's conversations, newest first: to find, open, rename, delete, save and load. */
export function ConversationList({ list, actions, openId, onOpen }: ConversationListProps) {
  const id = useId();
  const file = useRef<HTMLInputElement>(null);
  const { entries, search, problem, hasMore } = list;
  const onFile = (event: ChangeEvent<HTMLInputElement>) => {
    const chosen = event.target.files?.[0];
    event.target.value = "";
    if (chosen !== undefined) void actions.load(chosen);
  };
  return (
    <nav aria-label="Conversations" className="flex min-h-0 flex-1 flex-col gap-2">
      <div className="flex gap-2">
        <button type="button" className="button-quiet h-8 flex-1" onClick={() => onOpen(null)}>
          New chat
        </button>
        <button type="button" className="button-quiet h-8" onClick={() => file.current?.click()}>
          Import
        </button>
        <input
          ref={file}
          type="file"
          accept=".json,application/json"
          className="hidden"
          aria-label="Import a conversation"
          onChange={onFile}
        />
      </div>
      <label htmlFor={id} className="sr-only">
        Search conversations
      </label>
      <input
        id={id}
        type="search"
        placeholder="Search"
        maxLength={200}
        className="h-8 w-full rounded-control border border-field-line bg-surface px-2 text-sm placeholder:text-quiet"
        value={search}
        onChange={(event) => list.setSearch(event.target.value)}
      />
      {(problem ?? actions.problem) !== null && (
        <p className="text-sm wrap-anywhere text-bad" role="alert">
          {problem ?? actions.problem}
        </p>
      )}
      {entries?.length === 0 && (
        <p className="text-sm text-quiet">
          {search === "" ? "Your conversations with the agent will stand here." : "Nothing was found."}
        </p>
      )}
      <ul className="min-h-0 flex-1 space-y-0.5 overflow-y-auto text-sm">
        {entries?.map((entry) => (
          <ConversationRow
            key={entry.id}
            entry={entry}
            isOpen={entry.id === openId}
            actions={actions}
            onOpen={() => onOpen(entry.id)}
          />
        ))}
        {hasMore && (
          <li>
            <button type="button" className="button-plain w-full" onClick={list.readMore}>
              Show older ones
            </button>
          </li>
        )}
      </ul>
    </nav>
  );
}
