"use client";

import type { Tokens } from "marked";
import { useMemo } from "react";

import { cleanText } from "../_markdown/clean-text";
import { lexAll } from "../_markdown/lexer";
import { MarkdownInline } from "./MarkdownInline";

/** Emphasis, code, formulas and links of one line. A list, a heading or a table has no place in it: shown as written. */
export function MarkdownLine({ text }: { text: string }) {
  const clean = cleanText(text);
  const tokens = useMemo(() => lexAll(clean, {}, false), [clean]);
  const only = tokens.length === 1 && tokens[0]?.type === "paragraph" ? (tokens[0] as Tokens.Paragraph) : null;
  if (only === null) return clean;
  return (
    <span className="markdown inline-block max-w-full">
      <MarkdownInline tokens={only.tokens} />
    </span>
  );
}
