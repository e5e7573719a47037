import { memo, useRef, useState, type KeyboardEvent } from "react";
import { flushSync } from "react-dom";

import type { MessageDetails, TurnMessage } from "@/lib/wire";

import type { AgentSession } from "../_chat/agent-session";
import { draftAt, type KeptText } from "../_chat/drafts";
import { textOf } from "../_chat/message-text";
import { BranchSwitch } from "./BranchSwitch";
import { CopyButton } from "./CopyButton";
import { MessageTime } from "./MessageTime";

/** Shorter messages, in characters, never scroll: they need no place in the order of the Tab key. */
const MAY_SCROLL = 400;

interface QuestionViewProps {
  message: TurnMessage;
  details: MessageDetails | undefined;
  canAct: boolean;
  session: AgentSession;
}

/** What the visitor said, which he can say otherwise: the conversation then goes on from there on a branch of its own. */
export const QuestionView = memo(function QuestionView({ message, details, canAct, session }: QuestionViewProps) {
  const draft = draftAt(session.id, message.id, "edit");
  const [editing, setEditing] = useState<"not" | "asked" | "kept">(() => (draft.read() === "" ? "not" : "kept"));
  const isEditing = editing !== "not";
  const text = textOf(message);
  const editButton = useRef<HTMLButtonElement>(null);
  const close = () => {
    draft.write("");
    // At once, so that the button is there to take the focus.
    flushSync(() => setEditing("not"));
    editButton.current?.focus();
  };
  return (
    <div className="flex max-w-[85%] min-w-0 flex-col items-end gap-1 self-end">
      <h3 className="sr-only">You</h3>
      {isEditing ? (
        <Editor
          text={text}
          draft={draft}
          takesFocus={editing === "asked"}
          canSend={canAct}
          onCancel={close}
          onSend={(changed) => {
            close();
            // This question goes from the page; the next one is typed there.
            document.getElementById("message")?.focus();
            void session.edit(message.id, changed);
          }}
        />
      ) : (
        <p
          tabIndex={text.length < MAY_SCROLL ? undefined : 0}
          className="max-h-72 max-w-full overflow-y-auto rounded-box border border-accent-line bg-accent-soft px-3 py-2 wrap-anywhere whitespace-pre-wrap"
          data-testid="question"
        >
          {text}
        </p>
      )}
      {!isEditing && (
        <div className="flex flex-wrap items-center justify-end gap-1">
          <MessageTime moment={details?.created_at} />
          <BranchSwitch details={details} canAct={canAct} session={session} />
          <CopyButton text={text} name="Copy the message" />
          <button
            ref={editButton}
            type="button"
            className="button-plain"
            disabled={!canAct}
            onClick={() => setEditing("asked")}
          >
            Edit
          </button>
        </div>
      )}
    </div>
  );
});

interface EditorProps {
  text: string;
  draft: KeptText;
  /** Not the one that a reload opens again. */
  takesFocus: boolean;
  canSend: boolean;
  onCancel: () => void;
  onSend: (text: string) => void;
}

function Editor({ text, draft, takesFocus, canSend, onCancel, onSend }: EditorProps) {
  const [changed, setChanged] = useState(() => draft.read() || text);
  const isSendable = canSend && changed.trim() !== "";
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") {
      // Not for the answer that is being written.
      event.stopPropagation();
      onCancel();
    }
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    if (isSendable) onSend(changed.trim());
  };
  return (
    <div className="flex w-[min(36rem,100%)] flex-col items-end gap-2">
      <textarea
        aria-label="Change your message"
        autoFocus={takesFocus}
        rows={2}
        className="field-sizing-content max-h-72 w-full min-w-56 resize-none rounded-box border border-field-line bg-surface px-3 py-2"
        value={changed}
        onChange={(event) => {
          setChanged(event.target.value);
          draft.write(event.target.value === text ? "" : event.target.value);
        }}
        onKeyDown={onKeyDown}
      />
      <div className="flex gap-2">
        <button type="button" className="button-quiet" onClick={onCancel}>
          Cancel
        </button>
        <button type="button" className="button-quiet" disabled={!isSendable} onClick={() => onSend(changed.trim())}>
          Send as a new branch
        </button>
      </div>
    </div>
  );
}
