import type { KeyboardEvent, ReactNode } from "react";

import type { Draft } from "../_chat/use-draft";

interface ComposerProps {
  draft: Draft;
  isBusy: boolean;
  /** Why the message in the field was not taken; null when it was not refused. */
  refusal: string | null;
  onSubmit: () => void;
  onStop: () => void;
  /** How full the conversation is. */
  meter: ReactNode;
}

/** The text box, with the button inside that sends and, while an answer streams, stops. */
export function Composer({ draft, isBusy, refusal, onSubmit, onStop, meter }: ComposerProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes a word, Enter takes the word.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    onSubmit();
  };
  return (
    <form
      className="border-t border-line p-2 sm:p-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (isBusy) onStop();
        else onSubmit();
      }}
    >
      {refusal !== null && (
        <p
          role="alert"
          className="mb-2 rounded-box border border-bad-line bg-bad-soft px-3 py-2 wrap-anywhere text-bad"
          data-testid="error"
        >
          {refusal}
        </p>
      )}
      <div className="relative flex rounded-box border border-field-line bg-surface focus-within:border-accent focus-within:ring-1 focus-within:ring-accent">
        <label htmlFor="message" className="sr-only">
          Your message
        </label>
        <textarea
          id="message"
          ref={draft.field}
          rows={1}
          className="field-sizing-content max-h-48 min-h-11 flex-1 resize-none bg-transparent py-2.5 pr-12 pl-3 outline-none placeholder:text-quiet"
          placeholder="Type a message"
          aria-describedby="message-keys"
          enterKeyHint="send"
          onInput={draft.keep}
          onKeyDown={onKeyDown}
        />
        <button
          type="submit"
          aria-label={isBusy ? "Stop" : "Send"}
          title={isBusy ? "Stop (Esc)" : "Send (Enter)"}
          // The second click of a double click that sends would stop the answer.
          onClick={(event) => event.detail > 1 && event.preventDefault()}
          className="absolute right-1.5 bottom-1.5 grid size-8 place-items-center rounded-control bg-accent-fill text-white hover:bg-accent-hover"
        >
          {isBusy ? <StopIcon /> : <SendIcon />}
        </button>
      </div>
      <div className="flex flex-wrap justify-between gap-x-4">
        <p id="message-keys" className="mt-1 hidden text-xs text-quiet sm:block short:hidden">
          Enter sends, Shift+Enter begins a new line, Esc stops the answer.
        </p>
        {meter}
      </div>
    </form>
  );
}

function SendIcon() {
  return (
    <svg viewBox="0 0 16 16" className="size-4" fill="none" stroke="currentColor" strokeWidth="2" aria-hidden="true">
      <path d="M8 13.5v-11M3.5 7 8 2.5 12.5 7" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}

function StopIcon() {
  return (
    <svg viewBox="0 0 16 16" className="size-4" fill="currentColor" aria-hidden="true">
      <rect x="3.5" y="3.5" width="9" height="9" rx="1.5" />
    </svg>
  );
}
