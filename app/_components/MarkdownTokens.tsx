import type { MarkedToken, Token, Tokens } from "marked";
import { Fragment, type ReactNode } from "react";

import type { FormulaToken } from "../_markdown/lexer";
import { MarkdownCode } from "./MarkdownCode";
import { MarkdownFormula } from "./MarkdownFormula";
import { MarkdownInline } from "./MarkdownInline";

interface TokensProps {
  tokens: readonly Token[];
  isGrowing: boolean;
}

/** Blocks: paragraphs, headings, lists, quotes, tables, code. A kind that is not known here is shown as text. */
export function MarkdownTokens({ tokens, isGrowing }: TokensProps) {
  return tokens.map((token, index) => (
    <Fragment key={index}>
      {drawBlock(token as MarkedToken | FormulaToken, isGrowing && index === tokens.length - 1)}
    </Fragment>
  ));
}

function drawBlock(token: MarkedToken | FormulaToken, isGrowing: boolean): ReactNode {
  switch (token.type) {
    case "space":
    case "def":
    case "checkbox":
      return null;
    case "paragraph":
      return (
        <p>
          <MarkdownInline tokens={token.tokens} />
        </p>
      );
    case "heading":
      return <Heading token={token} />;
    case "hr":
      return <hr />;
    case "code":
      return <MarkdownCode code={token.text} language={token.lang ?? ""} isGrowing={isGrowing} />;
    case "formula":
      return <MarkdownFormula formula={token} />;
    case "blockquote":
      return (
        <blockquote>
          <MarkdownTokens tokens={token.tokens} isGrowing={isGrowing} />
        </blockquote>
      );
    case "list":
      return <List token={token} isGrowing={isGrowing} />;
    case "table":
      return <Table token={token} />;
    default:
      return <MarkdownInline tokens={[token]} />;
  }
}

/** The page's own headings end at h3, which names the answer: those inside it begin below. */
function Heading({ token }: { token: Tokens.Heading }) {
  const Tag = (["h4", "h5", "h6"] as const)[Math.min(token.depth, 3) - 1]!;
  return (
    <Tag>
      <MarkdownInline tokens={token.tokens} />
    </Tag>
  );
}

function List({ token, isGrowing }: { token: Tokens.List; isGrowing: boolean }) {
  const items = token.items.map((item, index) => (
    <li key={index} className={item.task ? "task" : undefined}>
      {item.task && (
        <input
          type="checkbox"
          checked={item.checked === true}
          disabled
          readOnly
          aria-label={item.checked ? "done" : "to do"}
        />
      )}
      <MarkdownTokens tokens={item.tokens} isGrowing={isGrowing && index === token.items.length - 1} />
    </li>
  ));
  return token.ordered ? <ol start={token.start === "" ? 1 : token.start}>{items}</ol> : <ul>{items}</ul>;
}

const ALIGNMENT = { left: "text-left", center: "text-center", right: "text-right" } as const;

/** A wide table scrolls by itself, by keyboard too. */
function Table({ token }: { token: Tokens.Table }) {
  const align = (cell: Tokens.TableCell) => (cell.align === null ? undefined : ALIGNMENT[cell.align]);
  return (
    <div className="table" tabIndex={0} role="group" aria-label="Table">
      <table>
        <thead>
          <tr>
            {token.header.map((cell, index) => (
              <th key={index} scope="col" className={align(cell)}>
                <MarkdownInline tokens={cell.tokens} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} className={align(cell)}>
                  <MarkdownInline tokens={cell.tokens} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
