import type { ChatError } from "../_chat/turn";

interface ErrorNoteProps {
  error: ChatError;
  canRetry: boolean;
  onRetry: () => void;
  onEdit: () => void;
}

/** What went wrong, where it went wrong, and the two ways on. */
export function ErrorNote({ error, canRetry, onRetry, onEdit }: ErrorNoteProps) {
  return (
    <div className="rounded-box border border-bad-line bg-bad-soft px-3 py-2" data-testid="error">
      <p className="wrap-anywhere text-bad">{error.message}</p>
      <div className="mt-2 flex flex-wrap gap-2">
        <button type="button" className="button-quiet" disabled={!canRetry} onClick={onRetry}>
          Retry
        </button>
        <button type="button" className="button-quiet" disabled={!canRetry} onClick={onEdit}>
          Edit the message
        </button>
      </div>
    </div>
  );
}
