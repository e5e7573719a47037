"use client";

import type { Links, Tokens } from "marked";
import { memo, useMemo, useState } from "react";

import { GrowingCleanText } from "../_markdown/clean-text";
import { completeBlock } from "../_markdown/complete";
import { lexAll } from "../_markdown/lexer";
import { BlockSplitter, type Block } from "../_markdown/split-blocks";
import type { MarkdownProps } from "./Markdown";
import { MarkdownTokens } from "./MarkdownTokens";
import { PlainText } from "./MarkdownPlainText";

/** Blocks that are looked at, and laid out, together. */
const PART_SIZE = 24;

/**
 * An answer, block by block: while it streams, only its last blocks are parsed and drawn again. It is divided into parts,
 * so that what is done of a long answer is neither compared block by block nor laid out where it is out of sight.
 */
export function MarkdownBlocks({ text, isStreaming }: MarkdownProps) {
  const [{ cleaner, splitter }] = useState(() => ({ cleaner: new GrowingCleanText(), splitter: new BlockSplitter() }));
  // A part that was seen has a height to keep. One that is shown for the first time far from here would have none.
  const [hasGrown] = useState(isStreaming);
  const { blocks, links } = splitter.split(cleaner.of(text));
  return (
    <div className="markdown">
      {Array.from({ length: Math.ceil(blocks.length / PART_SIZE) }, (_, index) => {
        const end = (index + 1) * PART_SIZE;
        const isLast = end >= blocks.length;
        return (
          <PartView
            key={index}
            blocks={blocks.slice(end - PART_SIZE, end)}
            links={links}
            isGrowing={isStreaming && isLast}
            isDone={hasGrown && !isLast}
          />
        );
      })}
    </div>
  );
}

interface PartProps {
  blocks: readonly Block[];
  links: Links;
  isGrowing: boolean;
  isDone: boolean;
}

const PartView = memo(
  function PartView({ blocks, links, isGrowing, isDone }: PartProps) {
    return (
      <div className={isDone ? "markdown-part markdown-part-done" : "markdown-part"}>
        {blocks.map((block, index) => (
          <BlockView
            key={index}
            kind={block.kind}
            source={block.source}
            firstNumber={block.firstNumber}
            links={links}
            isGrowing={isGrowing && index === blocks.length - 1}
          />
        ))}
      </div>
    );
  },
  (before, after) =>
    before.links === after.links &&
    before.isGrowing === after.isGrowing &&
    before.isDone === after.isDone &&
    before.blocks.length === after.blocks.length &&
    before.blocks.every((block, index) => block === after.blocks[index]),
);

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
