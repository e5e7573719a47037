import { CONSTANTS, FUNCTIONS, SEVERAL_ARGUMENTS, UNITS, WORDS } from "./names";
import { unreadable } from "./refuse";

export type Token =
  { kind: "number" | "function" | "constant" | "unit" | "variable"; text: string } | { kind: "operator"; text: string };

const NUMBER = /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+(?![a-zA-Z\d]))?/y;
const NAME = /[a-zA-Z]+(?:_\d+)?\d*/y;
const THOUSANDS = /\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])/y;
const SPACED_THOUSANDS = /\d{1,3}(?: \d{3})+(?![\d,])/y;
const DECIMAL_COMMA = /\d+,\d+(?![\d,.])/y;
const COMMA_LIST = /\d+,\d+[,.]/y;
const MIXED_NUMBER = /(\d+) +([1-9]\d*)\/(\d+)(?![\d.,])/y;
const OPERATORS = "+-*/^!%,;()[]|";
const MAX_TOKENS = 200;

/**
 * The words of a calculation.
 *
 * Commas: within a list or a function of several arguments they part what is there. Elsewhere `1,000` is a thousand,
 * `3,5` is three and a half, and `1,2,3` is refused. `1 1/2` is one and a half, `12 000` twelve thousand.
 *
 * Names: one letter after a number may be a unit (`5 m`) unless `units` is false. Up to three letters that mean nothing
 * together are variables (`xy`); anything longer is refused, so nothing unknown ever reaches mathjs.
 *
 * Throws `tool_arguments_invalid`.
 */
export function tokenise(text: string, { units }: { units: boolean }): Token[] {
  const tokens: Token[] = [];
  const brackets: ("list" | "group")[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) at += found[0].length;
    return found;
  };
  while (at < text.length) {
    if (tokens.length > MAX_TOKENS) throw unreadable(`it has more than ${MAX_TOKENS} numbers, names and signs`);
    if (text[at] === " ") {
      at++;
      continue;
    }
    const partsLists = brackets.at(-1) === "list";
    const number = readNumber(take, partsLists);
    if (number !== null) {
      tokens.push(...number);
      continue;
    }
    const name = take(NAME)?.[0];
    if (name !== undefined) {
      tokens.push(...readName(name, { units, before: tokens, after: text.slice(at) }));
      continue;
    }
    const sign = text[at] ?? "";
    if (!OPERATORS.includes(sign)) throw unreadable(`it has a ${describeCharacter(sign)}`);
    if (sign === "(" || sign === "[") brackets.push(sign === "[" || opensArguments(tokens) ? "list" : "group");
    if (sign === ")" || sign === "]") brackets.pop();
    tokens.push({ kind: "operator", text: sign });
    at++;
  }
  return tokens;
}

function opensArguments(tokens: Token[]): boolean {
  const last = tokens.at(-1);
  return last?.kind === "function" && SEVERAL_ARGUMENTS.has(last.text);
}

function readNumber(take: (pattern: RegExp) => RegExpExecArray | null, partsLists: boolean): Token[] | null {
  const mixed = take(MIXED_NUMBER);
  if (mixed !== null) return mixedNumber(mixed);
  if (!partsLists) {
    const grouped = take(THOUSANDS) ?? take(SPACED_THOUSANDS);
    if (grouped === null && take(COMMA_LIST) !== null) throw unreadable("its commas may be decimals or a list");
    // 0,125 has no thousands.
    if (grouped !== null)
      return [numberToken(grouped[0].startsWith("0") ? grouped[0].replace(",", ".") : ungroup(grouped[0]))];
    const decimal = take(DECIMAL_COMMA);
    if (decimal !== null) return [numberToken(decimal[0].replace(",", "."))];
  }
  const plain = take(NUMBER);
  return plain === null ? null : [numberToken(plain[0])];
}

function ungroup(number: string): string {
  return number.replace(/[, ]/g, "");
}

function mixedNumber([written, whole = "", top = "", bottom = ""]: RegExpExecArray): Token[] {
  if (Number(top) >= Number(bottom)) throw unreadable(`${written} is no mixed number: put an operator between`);
  return ["(", whole, "+", top, "/", bottom, ")"].map((text) => (/\d/.test(text) ? numberToken(text) : operator(text)));
}

/** An exponent is written as a power, since a fraction cannot be read from `1e3`. */
function numberToken(text: string): Token {
  const [, mantissa = text, exponent] = /^(.*)e([+-]?\d+)$/i.exec(text) ?? [];
  const decimal = mantissa.startsWith(".") ? `0${mantissa}` : mantissa;
  if (exponent === undefined) return { kind: "number", text: decimal };
  if (Math.abs(Number(exponent)) > 300) throw unreadable(`${text} is too large or too small`);
  return { kind: "number", text: `(${decimal}*10^(${Number(exponent)}))` };
}

export function operator(text: string): Token {
  return { kind: "operator", text };
}

interface Around {
  units: boolean;
  before: Token[];
  after: string;
}

function readName(name: string, around: Around): Token[] {
  const { before, after } = around;
  const previous = before.at(-1);
  const opensBracket = /^\s*\(/.test(after);
  if (opensBracket && FUNCTIONS.has(name)) return [functionToken(name)];
  if (name === "in" && previous !== undefined && /^\s*[a-zA-Z]/.test(after)) return [operator("to")];
  const word = WORDS.get(name.toLowerCase());
  if (word !== undefined && previous !== undefined) return wordTokens(word);
  if (around.units && UNITS.has(name) && mayBeUnit(name, before))
    return [{ kind: "unit", text: UNITS.get(name) ?? name }];
  if (name === "deg") return [{ kind: "unit", text: name }];
  const constant = CONSTANTS.get(name);
  if (constant !== undefined) return [{ kind: "constant", text: constant }];
  if (FUNCTIONS.has(name)) return [functionToken(name)];
  return unknownName(name);
}

function functionToken(name: string): Token {
  return { kind: "function", text: FUNCTIONS.get(name) ?? name };
}

function wordTokens(word: string): Token[] {
  if (word.startsWith("^")) return [operator("^"), { kind: "number", text: word.slice(1) }];
  return [operator(word)];
}

/** One letter is a unit only where one is expected: after a number, another unit, or `to`. */
function mayBeUnit(name: string, before: Token[]): boolean {
  const last = before.at(-1);
  const isOperator = last?.kind === "operator";
  if (last?.kind === "number" || last?.kind === "unit" || (isOperator && (last.text === ")" || last.text === "to"))) {
    return true;
  }
  if (isOperator && (last.text === "/" || last.text === "*"))
    return before.at(-2)?.kind === "unit" || isUnitPower(before);
  return name.length > 1 && !FUNCTIONS.has(name);
}

/** Whether what stands before an operator is as in `m^2 *`. */
function isUnitPower(before: Token[]): boolean {
  return before.at(-2)?.kind === "number" && before.at(-3)?.text === "^" && before.at(-4)?.kind === "unit";
}

function unknownName(name: string): Token[] {
  if (/^[a-zA-Z](?:_?\d+)?$/.test(name)) {
    // x2 is x times 2 to nobody: an index, as in x_2.
    return [{ kind: "variable", text: name.replace("_", "") }];
  }
  const base = /^log_?(\d+)$/.exec(name)?.[1];
  if (base !== undefined && FUNCTIONS.has(`log${base}`)) return [functionToken(`log${base}`)];
  if (base !== undefined) throw unreadable(`${name} is written log(x, ${base}) here`);
  const prefix = [...FUNCTIONS.keys()].find((known) => known.length > 2 && name.startsWith(known));
  const rest = prefix === undefined ? "" : name.slice(prefix.length);
  // sinx, sin30, log2x are written without a space; anything longer is a word.
  if (prefix !== undefined && /^(?:\d+|\d*[a-zA-Z])$/.test(rest)) return [functionToken(prefix), ...letters(rest)];
  if (name.length <= 3 && /^[a-zA-Z]+$/.test(name)) return letters(name);
  if (name === "xyz" || /^[a-z]pi$|^pi[a-z]$/.test(name)) return letters(name);
  throw unreadable(`the word "${name.slice(0, 30)}" means nothing to a calculator`);
}

function letters(run: string): Token[] {
  const parts = run.match(/\d+|pi|[a-zA-Z]/g) ?? [];
  return parts.map((part) => {
    if (/\d/.test(part)) return numberToken(part);
    const constant = CONSTANTS.get(part);
    return constant === undefined ? { kind: "variable", text: part } : { kind: "constant", text: constant };
  });
}

function describeCharacter(sign: string): string {
  if (/[<>≤≥≠]/.test(sign)) return `${sign}: inequalities are not solved here`;
  if (sign === "=") return "= where there should be none";
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(sign) ? `${sign} that no calculation has` : "character that no calculation has";
}
