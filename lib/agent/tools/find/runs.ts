import { lexemesOf, type Lexeme } from "./lexemes";

/** A stretch of a sentence that could be a calculation, and what stands around it. */
export interface Run {
  text: string;
  /** Without spaces. */
  parts: Lexeme[];
  /** The sentence before it and after it. */
  before: string;
  after: string;
  /** It ended with `=`, which asks for its value. */
  asksValue: boolean;
}

/** Every stretch of a sentence between its words, without the operators and brackets left over at its ends. */
export function runsOf(sentence: string): Run[] {
  const runs: Run[] = [];
  let current: Lexeme[] = [];
  const finish = () => {
    const run = trimmed(current, sentence);
    if (run !== null) runs.push(run);
    current = [];
  };
  for (const lexeme of lexemesOf(sentence)) {
    if (lexeme.kind === "other" || beginsAnother(current, lexeme)) finish();
    if (lexeme.kind !== "other") current.push(lexeme);
  }
  finish();
  return runs;
}

/** Two numbers, or a number after a letter, with only a space between belong to two runs: `a 12`, `5 12`. */
function beginsAnother(current: Lexeme[], next: Lexeme): boolean {
  if (current.at(-1)?.kind !== "space") return false;
  const last = current.at(-2);
  const isProductSign = last?.kind === "letter" && /^[xX]$/.test(last.text) && current.at(-4)?.kind === "number";
  if (isProductSign) return false;
  const ends = last?.kind === "number" || last?.kind === "letter" || last?.kind === "close";
  return ends && (next.kind === "number" || (next.kind === "letter" && !/^[xX]$/.test(next.text)));
}

function trimmed(lexemes: Lexeme[], sentence: string): Run | null {
  const parts = lexemes.slice();
  let asksValue = false;
  for (;;) {
    const first = parts[0];
    const last = parts.at(-1);
    if (first === undefined || last === undefined) return null;
    if (cannotBegin(first) || (first.kind === "open" && !isBalanced(parts))) parts.shift();
    else if (cannotEnd(last) || (last.kind === "close" && !isBalanced(parts))) {
      asksValue ||= last.kind === "equals";
      parts.pop();
    } else break;
  }
  if (!isBalanced(parts)) return null;
  const start = parts[0]?.start ?? 0;
  const last = parts.at(-1);
  const end = (last?.start ?? 0) + (last?.text.length ?? 0);
  const solid = parts.filter(({ kind }) => kind !== "space");
  return {
    text: sentence.slice(start, end),
    parts: solid,
    before: sentence.slice(0, start),
    after: sentence.slice(end),
    asksValue,
  };
}

function cannotBegin({ kind, text }: Lexeme): boolean {
  if (kind === "operator") return !/^[-−–]$/.test(text);
  return kind === "space" || kind === "equals" || kind === "close" || kind === "postfix";
}

function cannotEnd({ kind }: Lexeme): boolean {
  return kind === "space" || kind === "operator" || kind === "equals" || kind === "open" || kind === "function";
}

function isBalanced(parts: Lexeme[]): boolean {
  let depth = 0;
  for (const { kind } of parts) {
    if (kind === "open") depth++;
    if (kind === "close") depth--;
    if (depth < 0) return false;
  }
  return depth === 0;
}
