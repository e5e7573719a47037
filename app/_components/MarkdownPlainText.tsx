import { memo } from "react";

/** Characters of one piece: a browser takes long to lay out a paragraph of a million. */
const PIECE = 4_000;

const Piece = memo(function Piece({ text }: { text: string }) {
  return <div className="offscreen-cheap">{text}</div>;
});

/** Text as it was written, in pieces of which only the last is laid out again when text is added. */
export function PlainText({ text }: { text: string }) {
  return (
    <div className="wrap-anywhere whitespace-pre-wrap">
      {piecesOf(text).map((piece, index) => (
        <Piece key={index} text={piece} />
      ))}
    </div>
  );
}

/** Cut at a line's end where there is one; the line feed itself is the cut. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  let at = 0;
  while (text.length - at > PIECE) {
    const line = text.lastIndexOf("\n", at + PIECE);
    const end = line > at ? line : at + PIECE;
    pieces.push(text.slice(at, end));
    at = line > at ? line + 1 : end;
  }
  pieces.push(text.slice(at));
  return pieces;
}
