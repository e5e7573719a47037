import { useRef, useState, type FormEvent } from "react";

import type { FeedbackEntry, MessageDetails } from "@/lib/wire";

import type { AgentSession } from "../_chat/agent-session";
import { draftAt, type KeptText } from "../_chat/drafts";

const LONGEST_COMMENT = 4000;
const RATINGS = [
  [
    "like",
    "Good answer",
    "M4.5 7 7 1.5c1 0 1.8.8 1.8 1.8V6h3.4c.8 0 1.4.8 1.2 1.6l-1.2 5c-.1.6-.6.9-1.2.9H4.5zM4.5 7h-2v6.5h2z",
  ],
  [
    "dislike",
    "Bad answer",
    "M11.5 9 9 14.5c-1 0-1.8-.8-1.8-1.8V10H3.8c-.8 0-1.4-.8-1.2-1.6l1.2-5c.1-.6.6-.9 1.2-.9h6.5zM11.5 9h2V2.5h-2z",
  ],
] as const;

/** What the visitor thinks of an answer: a press says it, another takes it back; a few words may follow. */
export function Opinion({ details, session }: { details: MessageDetails; session: AgentSession }) {
  const { id, feedback } = details;
  const draft = draftAt(session.id, id, "comment");
  const [isWriting, setWriting] = useState(() => draft.read() !== "");
  const pressed = useRef<HTMLButtonElement>(null);
  const close = () => {
    draft.write("");
    setWriting(false);
    pressed.current?.focus();
  };
  const rate = (rating: FeedbackEntry["rating"]) => {
    const takesBack = feedback?.rating === rating;
    if (takesBack) draft.write("");
    setWriting(!takesBack);
    void session.rate(id, takesBack ? null : { rating, comment: feedback?.comment ?? "" });
  };
  return (
    <>
      {RATINGS.map(([rating, name, path]) => (
        <button
          key={rating}
          ref={feedback?.rating === rating ? pressed : undefined}
          type="button"
          className="button-plain"
          aria-label={name}
          title={name}
          aria-pressed={feedback?.rating === rating}
          onClick={() => rate(rating)}
        >
          <svg
            viewBox="0 0 16 16"
            className="size-4"
            fill={feedback?.rating === rating ? "currentColor" : "none"}
            stroke="currentColor"
            strokeWidth="1.25"
            strokeLinejoin="round"
            aria-hidden="true"
          >
            <path d={path} />
          </svg>
        </button>
      ))}
      {feedback !== null && isWriting && (
        <Comment
          given={feedback.comment}
          draft={draft}
          onClose={close}
          onSave={async (comment) => {
            // What the server has not kept stays to be saved again.
            if (await session.rate(id, { rating: feedback.rating, comment })) close();
          }}
        />
      )}
      {feedback !== null && feedback.comment !== "" && !isWriting && (
        <button type="button" className="button-plain max-w-60 truncate" onClick={() => setWriting(true)}>
          “{feedback.comment}”
        </button>
      )}
    </>
  );
}

interface CommentProps {
  given: string;
  draft: KeptText;
  onClose: () => void;
  onSave: (comment: string) => Promise<void>;
}

function Comment({ given, draft, onClose, onSave }: CommentProps) {
  const [comment, setComment] = useState(() => draft.read() || given);
  const save = (event: FormEvent) => {
    event.preventDefault();
    void onSave(comment.trim());
  };
  return (
    <form className="flex w-full flex-wrap gap-2 text-sm text-ink" onSubmit={save}>
      <input
        aria-label="Why? A comment on the answer"
        placeholder="Why? (optional)"
        maxLength={LONGEST_COMMENT}
        className="h-8 min-w-40 flex-1 rounded-control border border-field-line bg-surface px-2 placeholder:text-quiet"
        value={comment}
        onChange={(event) => {
          setComment(event.target.value);
          draft.write(event.target.value === given ? "" : event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          onClose();
        }}
      />
      <button className="button-quiet">Save the comment</button>
      <button type="button" className="button-quiet" onClick={onClose}>
        Close
      </button>
    </form>
  );
}
