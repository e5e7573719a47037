import { Hooks, Lexer, Marked, Tokenizer, type Links, type Token, type TokenizerExtension, type Tokens } from "marked";

import { formulaAt, formulaRanges, maskRanges, nextFormula, type Formula } from "./formulas";
import { MAX_BLOCK_CHARACTERS, MAX_DEPTH, MAX_MARKS } from "./limits";

/** A token of ours: a formula. */
export interface FormulaToken extends Formula {
  type: "formula";
}

const inlineFormula: TokenizerExtension = {
  name: "formula",
  level: "inline",
  start: (source) => {
    const at = nextFormula(source);
    return at < 0 ? undefined : at;
  },
  tokenizer(source) {
    const formula = formulaAt(source, (this.lexer as BoundedLexer).isGrowing);
    return formula === null ? undefined : { type: "formula", ...formula };
  },
};

/** Characters after the beginning of a paragraph in which a formula on a line of its own ends it. */
const NEAR = 4_000;

/** A formula on lines of its own, whose lines would otherwise be read as lists (`+ b`) and headings (`= c`). */
const blockFormula: TokenizerExtension = {
  name: "formula",
  level: "block",
  start: (source) => {
    // Asked for at every paragraph: a search to the end of the text each time would take quadratic time.
    const at = source.slice(0, NEAR).search(/\n {0,3}(?:\$\$|\\\[)/);
    return at < 0 ? undefined : at + 1;
  },
  tokenizer(source) {
    const indent = /^ {0,3}(?=\$\$|\\\[)/.exec(source)?.[0];
    if (indent === undefined) return undefined;
    const formula = formulaAt(source.slice(indent.length), (this.lexer as BoundedLexer).isGrowing);
    if (formula === null) return undefined;
    const rest = /^[ \t]*(?:\n+|$)/.exec(source.slice(indent.length + formula.raw.length))?.[0];
    if (rest === undefined) return undefined;
    return { type: "formula", ...formula, raw: indent + formula.raw + rest };
  },
};

const options = new Marked({ gfm: true, extensions: [inlineFormula, blockFormula] }).defaults;

/** The `*` and `_` of a formula are no emphasis. The lexer calls this with itself as `this.lexer`. */
class FormulaHooks extends Hooks {
  override emStrongMask(masked: string): string {
    return (this as unknown as { lexer: BoundedLexer }).lexer.maskFormulas(masked);
  }
}

/** Markdown without HTML: a tag is text. Of HTML only the line break is read, which models need in tables. */
class TextTokenizer extends Tokenizer {
  override html(): undefined {
    return undefined;
  }
  override tag(source: string): Tokens.Tag | undefined {
    const raw = /^<br[ \t]*\/?>/i.exec(source)?.[0];
    return raw === undefined ? undefined : ({ type: "br", raw } as unknown as Tokens.Tag);
  }
  /** Two tildes strike through; one is how people write "about". */
  override del(source: string, masked: string, previous?: string): Tokens.Del | undefined {
    return source.startsWith("~~") ? super.del(source, masked, previous) : undefined;
  }
}

/** The lexer of marked with an end to its recursion and to the time it takes; what is beyond is a token `plain`. */
class BoundedLexer extends Lexer {
  #blocks = 0;
  #inlines = 0;
  #run = "";

  constructor(
    readonly isGrowing: boolean,
    links: Links,
  ) {
    super({ ...options, tokenizer: new TextTokenizer(), hooks: new FormulaHooks() });
    Object.assign(this.tokens.links, links);
  }

  // Typed `never`, which fits both of the overloads that marked declares.
  override blockTokens(source: string, tokens: Token[] = [], lastParagraphClipped?: boolean): never {
    if (this.#blocks >= MAX_DEPTH) tokens.push(plain(source));
    else {
      this.#blocks += 1;
      super.blockTokens(source, tokens, lastParagraphClipped);
      this.#blocks -= 1;
    }
    return tokens as never;
  }

  override inlineTokens(source: string, tokens: Token[] = []): Token[] {
    const length = this.#inlines >= MAX_DEPTH ? 0 : parsedLength(source);
    if (length > 0) {
      this.#inlines += 1;
      this.#run = source.slice(0, length);
      super.inlineTokens(this.#run, tokens);
      this.#inlines -= 1;
    }
    if (length < source.length) tokens.push(plain(source.slice(length)));
    return tokens;
  }

  /** What marked looks for the ends of emphasis in: the text of the run that it just began, some of it masked already. */
  maskFormulas(masked: string): string {
    if (masked.length !== this.#run.length) return masked;
    return maskRanges(masked, formulaRanges(this.#run, this.isGrowing));
  }
}

const plain = (text: string): Tokens.Generic => ({ type: "plain", raw: text, text });

/** Up to the limit of characters or of marks, whichever comes first: the same beginning however the text goes on. */
function parsedLength(source: string): number {
  let marks = 0;
  for (const { index } of source.slice(0, MAX_BLOCK_CHARACTERS).matchAll(/[*_~`[<$@]|\\\(/g)) {
    marks += 1;
    if (marks > MAX_MARKS) return index;
  }
  return Math.min(source.length, MAX_BLOCK_CHARACTERS);
}

/** The blocks at the top of a text, their insides not read yet. */
export function lexBlocks(source: string): Token[] {
  return new BoundedLexer(true, {}).blockTokens(source);
}

/**
 * A piece of Markdown as tokens of marked, besides `formula` (a FormulaToken) and `plain` (text to show as it is).
 *
 * @param links addresses defined elsewhere in the same text
 * @param isGrowing whether more text will follow
 */
export function lexAll(source: string, links: Links, isGrowing: boolean): Token[] {
  return new BoundedLexer(isGrowing, links).lex(source);
}
