import type { MarkedToken, Token, Tokens } from "marked";
import { Fragment, type ReactNode } from "react";

import { decodeEntities } from "../_markdown/entities";
import type { FormulaToken } from "../_markdown/lexer";
import { otherPlace, safeAddress } from "../_markdown/links";
import { MarkdownFormula } from "./MarkdownFormula";

/** The insides of a paragraph, a heading or a cell. A kind that is not known here, HTML above all, is shown as text. */
export function MarkdownInline({ tokens }: { tokens: readonly Token[] }) {
  return tokens.map((token, index) => (
    <Fragment key={index}>{drawInline(token as MarkedToken | FormulaToken)}</Fragment>
  ));
}

function drawInline(token: MarkedToken | FormulaToken): ReactNode {
  switch (token.type) {
    case "text":
      return token.tokens === undefined ? decodeEntities(token.text) : <MarkdownInline tokens={token.tokens} />;
    case "escape":
      return token.text;
    case "strong":
      return (
        <strong>
          <MarkdownInline tokens={token.tokens} />
        </strong>
      );
    case "em":
      return (
        <em>
          <MarkdownInline tokens={token.tokens} />
        </em>
      );
    case "del":
      return (
        <del>
          <MarkdownInline tokens={token.tokens} />
        </del>
      );
    case "codespan":
      return <code>{token.text}</code>;
    case "br":
      return <br />;
    case "formula":
      return <MarkdownFormula formula={token} />;
    case "link":
      return <Link token={token} />;
    case "image":
      return <Image token={token} />;
    case "checkbox":
      return null;
    default:
      return token.raw;
  }
}

const OUTSIDE = { target: "_blank", rel: "noopener noreferrer nofollow" } as const;

/** A link says where it leads when its text names another place; one that may not be followed is shown as written. */
function Link({ token }: { token: Tokens.Link }) {
  const address = safeAddress(token.autolink ? token.href : decodeEntities(token.href));
  if (address === null) return token.raw;
  const elsewhere = otherPlace(token.text, address);
  return (
    <>
      <a href={address} title={address} {...OUTSIDE}>
        {token.autolink ? token.text : <MarkdownInline tokens={token.tokens} />}
      </a>
      {elsewhere !== null && ` (${elsewhere})`}
    </>
  );
}

/** Never loaded: its address could tell another server what was said here. */
function Image({ token }: { token: Tokens.Image }) {
  const address = safeAddress(decodeEntities(token.href));
  if (address === null) return token.raw;
  return (
    <a href={address} title={address} {...OUTSIDE}>
      Image: {decodeEntities(token.text) || new URL(address).hostname}
    </a>
  );
}
