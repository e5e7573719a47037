import { memo } from "react";

import type { TurnMessage } from "@/lib/wire";

import { textOf } from "../_chat/message-text";
import { GrowingText } from "./GrowingText";

/**
 * A message far from what is seen: its words and nothing else. They are there for whoever searches the page, and for a
 * screen reader; reading Markdown, typesetting and buttons wait until the message comes near.
 */
export const PlainMessage = memo(function PlainMessage({ message }: { message: TurnMessage }) {
  const text = textOf(message);
  if (message.role !== "user")
    return (
      <article className="min-w-0">
        <h3 className="sr-only">Answer</h3>
        <div data-testid="answer">
          <GrowingText text={text} />
        </div>
      </article>
    );
  return (
    <div className="max-w-[85%] min-w-0 self-end">
      <h3 className="sr-only">You</h3>
      <p
        className="max-h-72 overflow-hidden rounded-box border border-accent-line bg-accent-soft px-3 py-2 wrap-anywhere whitespace-pre-wrap"
        data-testid="question"
      >
        {text}
      </p>
    </div>
  );
});
