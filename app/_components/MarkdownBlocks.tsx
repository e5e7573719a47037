"use client";

import type { Links, Tokens } from "marked";
import { memo, useMemo, useState } from "react";

import { cleanText } from "../_markdown/clean-text";
import { completeBlock } from "../_markdown/complete";
import { lexAll } from "../_markdown/lexer";
import { BlockSplitter, type Block } from "../_markdown/split-blocks";
import type { MarkdownProps } from "./Markdown";
import { MarkdownTokens } from "./MarkdownTokens";
import { PlainText } from "./MarkdownPlainText";

/** An answer, block by block: while it streams, only its last blocks are parsed and drawn again. */
export function MarkdownBlocks({ text, isStreaming }: MarkdownProps) {
  const [splitter] = useState(() => new BlockSplitter());
  const { blocks, links } = splitter.split(cleanText(text));
  return (
    <div className="markdown">
      {blocks.map((block, index) => (
        <BlockView
          key={index}
          kind={block.kind}
          source={block.source}
          firstNumber={block.firstNumber}
          links={links}
          isGrowing={isStreaming && index === blocks.length - 1}
        />
      ))}
    </div>
  );
}

const BlockView = memo(function BlockView({
  kind,
  source,
  firstNumber,
  links,
  isGrowing,
}: Omit<Block, "goesOn"> & { links: Links; isGrowing: boolean }) {
  const tokens = useMemo(() => {
    if (kind === "plain") return null;
    const read = lexAll(isGrowing ? completeBlock(source) : source, links, isGrowing);
    const list = read.find((token) => token.type === "list") as Tokens.List | undefined;
    if (list !== undefined && firstNumber !== null) list.start = firstNumber;
    return read;
  }, [kind, source, firstNumber, links, isGrowing]);
  return tokens === null ? <PlainText text={source} /> : <MarkdownTokens tokens={tokens} isGrowing={isGrowing} />;
});
