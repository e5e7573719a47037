/** One piece of a message: part of a calculation, or anything else. */
export interface Lexeme {
  kind: "number" | "operator" | "open" | "close" | "function" | "letter" | "equals" | "postfix" | "space" | "other";
  text: string;
  start: number;
}

const PATTERNS: readonly (readonly [Lexeme["kind"], RegExp])[] = [
  ["space", /[ \u00a0]+/y],
  ["number", /(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+/y],
  ["postfix", /%(?= of\b)|%|[²³]+|°|!(?=\s*[-+*/×÷^)])/y],
  ["operator", /of(?= \(?[\d√])|times\b|plus\b|minus\b|divided by\b|multiplied by\b|to the power of\b/y],
  ["operator", /\*\*|[-+*/^×·⋅÷∕−–]/y],
  ["function", /(?:the )?(?:square|cube) root of(?= \(?\d)|√|∛|(?:sqrt|cbrt|sin|cos|tan|log|ln)(?= ?\()/y],
  ["open", /\(/y],
  ["close", /\)/y],
  ["equals", /=/y],
  ["letter", /pi\b|[a-zA-Z](?![a-zA-Z'’])/y],
];
const WORD = /[\p{L}\p{N}_'’]+|[^]/uy;

/** The whole text in pieces, one after the other. A letter counts only where it stands alone or after a number. */
export function lexemesOf(text: string): Lexeme[] {
  const lexemes: Lexeme[] = [];
  for (let at = 0; at < text.length;) {
    const lexeme = match(text, at, lexemes.at(-1));
    lexemes.push(lexeme);
    at += lexeme.text.length;
  }
  return lexemes;
}

function match(text: string, start: number, previous: Lexeme | undefined): Lexeme {
  const isInWord = previous?.kind === "other" && /[\p{L}\p{N}_]$/u.test(previous.text);
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = start;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined && !(isInWord && /^[\p{L}\p{N}]/u.test(found))) return { kind, text: found, start };
  }
  WORD.lastIndex = start;
  return { kind: "other", text: WORD.exec(text)?.[0] ?? text.slice(start, start + 1), start };
}
