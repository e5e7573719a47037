import { useState, type FormEvent, type MouseEvent } from "react";

import type { ConversationEntry } from "@/lib/wire";

import { addressOf } from "../_chat/conversation-address";
import { exportAddress } from "../_chat/conversations-api";
import type { ConversationActions } from "../_chat/use-conversation-actions";
import { visitorSession } from "../_chat/visitor-session";

const LONGEST_TITLE = 200;

interface ConversationRowProps {
  entry: ConversationEntry;
  isOpen: boolean;
  actions: ConversationActions;
  onOpen: () => void;
}

/** A conversation in the list: a link that opens it, and below it what can be done with it. */
export function ConversationRow({ entry, isOpen, actions, onOpen }: ConversationRowProps) {
  const [shown, setShown] = useState<"nothing" | "actions" | "name">("nothing");
  const title = entry.title === "" ? "Untitled" : entry.title;
  const open = (event: MouseEvent) => {
    // A new tab or window is the browser's to open.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    onOpen();
  };
  const saves = (format: "json" | "markdown") => ({
    className: "button-plain",
    href: exportAddress(entry.id, format),
    download: true,
    onClick: (event: MouseEvent) => {
      // The browser's own download brings cookies only.
      if (visitorSession.token === null) return;
      event.preventDefault();
      void actions.save(entry.id, format);
    },
  });
  return (
    <li
      className={`rounded-control ${isOpen ? "bg-accent-soft" : "hover:bg-raised"}`}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || shown === "nothing") return;
        event.preventDefault();
        event.stopPropagation();
        setShown("nothing");
      }}
    >
      {shown === "name" ? (
        <NameForm
          title={entry.title}
          onCancel={() => setShown("nothing")}
          onSave={(name) => {
            setShown("nothing");
            void actions.rename(entry.id, name);
          }}
        />
      ) : (
        <div className="flex items-center">
          <a
            href={addressOf(entry.id)}
            aria-current={isOpen ? "page" : undefined}
            className="min-w-0 flex-1 truncate px-2 py-1 -outline-offset-2"
            title={title}
            onClick={open}
          >
            {title}
          </a>
          <button
            type="button"
            className="button-plain shrink-0 -outline-offset-2"
            aria-label={`Actions for ${title}`}
            aria-expanded={shown === "actions"}
            onClick={() => setShown(shown === "actions" ? "nothing" : "actions")}
          >
            <span aria-hidden="true">⋯</span>
          </button>
        </div>
      )}
      {shown === "actions" && (
        <div className="flex flex-wrap gap-x-1 px-1 pb-1">
          <button type="button" className="button-plain" onClick={() => setShown("name")}>
            Rename
          </button>
          <a {...saves("markdown")}>Markdown</a>
          <a {...saves("json")}>JSON</a>
          <button type="button" className="button-plain" onClick={() => void actions.remove(entry)}>
            Delete
          </button>
        </div>
      )}
    </li>
  );
}

interface NameFormProps {
  title: string;
  onCancel: () => void;
  onSave: (title: string) => void;
}

function NameForm({ title, onCancel, onSave }: NameFormProps) {
  const [name, setName] = useState(title);
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === "") onCancel();
    else onSave(name.trim());
  };
  return (
    <form onSubmit={save} className="flex gap-1 p-1">
      <input
        aria-label="Name of the conversation"
        autoFocus
        maxLength={LONGEST_TITLE}
        className="h-7 min-w-0 flex-1 rounded-control border border-field-line bg-surface px-1.5"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <button className="button-quiet">Save</button>
    </form>
  );
}
