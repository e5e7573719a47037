"use client";

import { lazy, memo, Suspense } from "react";

import { GrowingText } from "./GrowingText";

export interface MarkdownProps {
  text: string;
  /** Whether more text will come: what has begun (emphasis, a table, a formula) is then shown as if it were complete. */
  isStreaming: boolean;
}

/** An empty chat needs no parser. Where it cannot be fetched, since the network or the server is gone, the text is plain. */
const MarkdownBlocks = lazy(() =>
  import("./MarkdownBlocks").then(
    ({ MarkdownBlocks }) => ({ default: MarkdownBlocks }),
    () => ({ default: GrowingText as (props: MarkdownProps) => React.ReactElement }),
  ),
);

const MarkdownLine = lazy(() =>
  import("./MarkdownLine").then(
    ({ MarkdownLine }) => ({ default: MarkdownLine }),
    () => ({ default: ({ text }: { text: string }) => text }),
  ),
);

/**
 * A model's answer as Markdown with formulas and coloured code. Nothing in it is trusted: HTML is shown as text, no image
 * is loaded, and links lead to http, https and mailto addresses only.
 */
export const Markdown = memo(function Markdown({ text, isStreaming }: MarkdownProps) {
  return (
    <Suspense fallback={<GrowingText text={text} />}>
      <MarkdownBlocks text={text} isStreaming={isStreaming} />
    </Suspense>
  );
});

/** As `Markdown`, for words within a line, such as those of an option: what would be more than a line stays as written. */
export function LineMarkdown({ text }: { text: string }) {
  return (
    <Suspense fallback={text}>
      <MarkdownLine text={text} />
    </Suspense>
  );
}
