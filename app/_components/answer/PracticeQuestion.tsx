"use client";

import { useId, useMemo, useState, type FormEvent, type KeyboardEvent } from "react";

import { PracticeOptions, type RenderText } from "./PracticeOptions";
import {
  countWords,
  givenIn,
  lettersIn,
  MOST_WRITTEN_WORDS,
  readPractice,
  replyOf,
  type Practice,
} from "./practice-reply";

interface PracticeQuestionProps {
  /** The data of a `data-practice` part, as it came. Nothing is shown of what is no question. */
  question: unknown;
  /** The message to send: `My answer: B`. */
  onAnswer: (message: string) => void;
  /** An answer cannot be sent now. */
  disabled: boolean;
  /** The message that followed, if one did: what was chosen in it stays to be seen, and nothing can be changed. */
  reply?: string | undefined;
  /** Where what is chosen or written, and not sent yet, outlives a reload: letters with commas, or the text. */
  draft?: { read: () => string; write: (text: string) => void } | undefined;
  /** Draws the question's and the options' text, which may have Markdown; plain text otherwise. */
  renderText?: RenderText | undefined;
}

/** A practice question as controls: one choice, several, or a text, and a button that sends them. */
export function PracticeQuestion({ question, ...others }: PracticeQuestionProps) {
  const written = JSON.stringify(question) ?? "null";
  const read = useMemo(() => readPractice(JSON.parse(written)), [written]);
  return read === null ? null : <PracticeForm question={read} {...others} />;
}

function PracticeForm({
  question,
  onAnswer,
  disabled,
  reply,
  draft,
  renderText,
}: Omit<PracticeQuestionProps, "question"> & { question: Practice }) {
  const id = useId();
  const [letters, setLetters] = useState<readonly string[]>(() => lettersIn(draft?.read() ?? "", question));
  const [text, setText] = useState(() => (question.kind === "written" ? (draft?.read() ?? "") : ""));
  const given = reply === undefined ? null : givenIn(reply, question);
  const isOver = reply !== undefined;
  const isWritten = question.kind === "written";
  const words = countWords(text);
  const isTooLong = words > MOST_WRITTEN_WORDS;
  const isReady = isWritten ? words > 0 && !isTooLong : letters.length > 0;
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (!isReady || disabled || isOver) return;
    draft?.write("");
    onAnswer(replyOf(isWritten ? text : letters));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes a word, Enter takes the word.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  };
  return (
    <form
      onSubmit={submit}
      className="w-full min-w-0 rounded-box border border-accent-line bg-accent-soft px-3 py-2"
      data-testid="practice"
    >
      {/* Not "disabled" while another answer streams: what was chosen already can still be changed, and sent afterwards. */}
      <fieldset disabled={isOver} className="min-w-0" aria-labelledby={`${id}-question`}>
        {/* No legend: that may hold neither paragraphs nor tables. */}
        <div id={`${id}-question`} className="font-semibold wrap-anywhere">
          <span className="sr-only">Practice question: </span>
          {renderText === undefined ? (
            <span className="whitespace-pre-wrap">{question.text}</span>
          ) : (
            renderText(question.text, "block")
          )}
        </div>
        <p className="pt-0.5 text-sm text-quiet">{HINTS[question.kind]}</p>
        {isWritten ? (
          <textarea
            aria-label="Your answer to the practice question"
            aria-describedby={`${id}-words`}
            aria-invalid={isTooLong}
            rows={2}
            className="mt-2 field-sizing-content max-h-48 min-h-16 w-full resize-none rounded-control border border-field-line bg-surface px-2 py-1.5"
            value={typeof given === "string" ? given : text}
            onChange={(event) => {
              setText(event.target.value);
              draft?.write(event.target.value);
            }}
            onKeyDown={onKeyDown}
          />
        ) : (
          <PracticeOptions
            question={question}
            chosen={Array.isArray(given) ? given : letters}
            onChange={(chosen) => {
              setLetters(chosen);
              draft?.write(chosen.join(","));
            }}
            renderText={renderText}
          />
        )}
      </fieldset>
      {!isOver && (
        <div className="mt-2 flex flex-wrap items-center gap-3">
          <button
            type="submit"
            disabled={!isReady || disabled}
            className="rounded-control bg-accent-fill px-3 py-1 text-sm text-white not-disabled:hover:bg-accent-hover disabled:bg-raised disabled:text-quiet"
          >
            Send the answer
          </button>
          <span id={`${id}-words`} role="status" className="text-sm text-bad">
            {isTooLong && `${words} words: ${MOST_WRITTEN_WORDS} at most.`}
          </span>
        </div>
      )}
    </form>
  );
}

const HINTS: Record<Practice["kind"], string> = {
  choice: "Choose one.",
  "select-all": "Select all that apply.",
  written: "Write your answer.",
};
