import { CIRCULAR_FUNCTIONS } from "./names";
import { replaceLatex } from "./latex";
import { unreadable } from "./refuse";
import { replaceSymbols } from "./symbols";
import { operator, tokenise, type Token } from "./tokens";

/** A calculation in the notation of mathjs, made of known names, numbers and signs only. */
export interface Expression {
  text: string;
  /** The letters that are neither units nor constants, each once, in order of appearance. */
  variables: string[];
  hasUnits: boolean;
  /** It was written with a decimal point: then so is its answer. */
  hasDecimals: boolean;
  /** What a reader should know of how it was read. */
  notes: string[];
}

const MAX_DEPTH = 40;

/** LaTeX and the symbols of written mathematics in plain characters; applied once, before words and `=` are looked for. */
export function plainNotation(written: string): string {
  return replaceSymbols(replaceLatex(written));
}

/**
 * Reads what a student types or a small model writes, already in plain notation. Products that are not written out are:
 * `2x` is `2*x`, so `1/2x` is half of x, from left to right. Throws `tool_arguments_invalid`, which says what it met.
 */
export function readExpression(plain: string, options: { units: boolean } = { units: true }): Expression {
  const tokens = multiplySigns(moveExponents(applyFunctions(absolutes(tokenise(plain, options)))));
  if (tokens.length === 0) throw unreadable("it is empty");
  checkBrackets(tokens);
  return {
    text: write(tokens),
    variables: [...new Set(tokens.filter(({ kind }) => kind === "variable").map(({ text }) => text))],
    hasUnits: tokens.some(({ kind }) => kind === "unit"),
    hasDecimals: tokens.some(({ kind, text }) => kind === "number" && /[.(]/.test(text)),
    notes: notesOn(tokens),
  };
}

function notesOn(tokens: Token[]): string[] {
  const notes: string[] = [];
  const uses = (names: ReadonlySet<string>) => tokens.some(({ kind, text }) => kind === "function" && names.has(text));
  const saysAngle = tokens.some(({ text }) => ["deg", "rad", "pi", "tau"].includes(text));
  if (uses(CIRCULAR_FUNCTIONS) && !saysAngle) notes.push("angle in radians");
  if (uses(new Set(["asin", "acos", "atan", "atan2"]))) notes.push("in radians");
  if (uses(new Set(["std", "variance"]))) notes.push("of a sample, n - 1");
  return notes;
}

/** `|x|` is abs(x). A bar opens where an operand is expected, and closes where one has ended. */
function absolutes(tokens: Token[]): Token[] {
  const read: Token[] = [];
  let open = 0;
  for (const token of tokens) {
    if (token.text !== "|") {
      read.push(token);
      continue;
    }
    if (open > 0 && endsOperand(read.at(-1))) {
      open--;
      read.push(operator(")"));
    } else {
      open++;
      read.push({ kind: "function", text: "abs" }, operator("("));
    }
  }
  return read;
}

/** A function without brackets takes the product that follows: `sin 2x` is sin(2*x), `√2x` as it is a root, sqrt(2)*x. */
function applyFunctions(tokens: Token[]): Token[] {
  const read: Token[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) break;
    read.push(token);
    const next = tokens[at + 1];
    if (token.kind !== "function" || next?.text === "(" || next?.text === "^") continue;
    const isRoot = token.text === "sqrt" || token.text === "cbrt";
    let end = at + 1;
    while (isBare(tokens[end]) && !(isRoot && end > at + 1)) {
      end++;
      if (!isRoot && tokens[end]?.text === "^" && isBare(tokens[end + 1])) end += 2;
    }
    if (end === at + 1) throw unreadable(`${token.text} has nothing to work on: put it in brackets`);
    read.push(operator("("), ...tokens.slice(at + 1, end), operator(")"));
    at = end - 1;
  }
  return read;
}

function isBare(token: Token | undefined): boolean {
  return token !== undefined && token.kind !== "operator" && token.kind !== "function";
}

/** `sin^2(x)` is (sin(x))^2; `sin^-1(x)` is asin(x), as calculators label it. */
function moveExponents(tokens: Token[]): Token[] {
  const at = tokens.findIndex((token, index) => token.kind === "function" && tokens[index + 1]?.text === "^");
  if (at === -1) return tokens;
  const name = tokens[at]?.text ?? "";
  const exponentEnd = operandEnd(tokens, at + 2);
  const end = operandEnd(tokens, exponentEnd);
  const exponent = tokens.slice(at + 2, exponentEnd);
  const argument = tokens.slice(exponentEnd, end);
  if (exponent.length === 0 || argument.length === 0) throw unreadable(`${name} has nothing to work on`);
  const inner = argument[0]?.text === "(" ? argument : [operator("("), ...argument, operator(")")];
  const rest = moveExponents(tokens.slice(end));
  const inverse =
    exponent
      .map(({ text }) => text)
      .join("")
      .replace(/[()]/g, "") === "-1"
      ? `a${name}`
      : null;
  const called: Token[] =
    inverse === null
      ? [operator("("), { kind: "function", text: name }, ...inner, operator(")"), operator("^"), ...exponent]
      : [{ kind: "function", text: inverseOf(inverse) }, ...inner];
  return [...tokens.slice(0, at), ...called, ...rest];
}

function inverseOf(name: string): string {
  if (["asin", "acos", "atan"].includes(name)) return name;
  throw unreadable(`${name.slice(1)}^-1 is not known here`);
}

/** Where the operand that begins at `start` ends: a group in brackets, or one token with its sign. */
function operandEnd(tokens: Token[], start: number): number {
  let at = start;
  if (tokens[at]?.text === "-") at++;
  if (tokens[at]?.text !== "(") return isBare(tokens[at]) ? at + 1 : start;
  let depth = 0;
  for (; at < tokens.length; at++) {
    if (tokens[at]?.text === "(") depth++;
    if (tokens[at]?.text === ")") depth--;
    if (depth === 0) return at + 1;
  }
  return start;
}

/** A unit stays beside its number, which mathjs binds tightly: `60 km / 2 h` is a speed. */
function multiplySigns(tokens: Token[]): Token[] {
  return tokens.flatMap((token, index) => {
    const previous = tokens[index - 1];
    const isProduct = endsOperand(previous) && beginsOperand(token) && token.kind !== "unit";
    return isProduct ? [operator("*"), token] : [token];
  });
}

function endsOperand(token: Token | undefined): boolean {
  if (token === undefined || token.kind === "function") return false;
  return token.kind !== "operator" || [")", "]", "!"].includes(token.text);
}

function beginsOperand(token: Token): boolean {
  return token.kind !== "operator" || token.text === "(" || token.text === "[";
}

function checkBrackets(tokens: Token[]): void {
  const open: string[] = [];
  for (const { text } of tokens) {
    if (text === "(" || text === "[") open.push(text);
    if (open.length > MAX_DEPTH) throw unreadable(`it has more than ${MAX_DEPTH} brackets within brackets`);
    if (text === ")" && open.pop() !== "(") throw unreadable("a bracket is closed that was never opened");
    if (text === "]" && open.pop() !== "[") throw unreadable("a bracket is closed that was never opened");
  }
  if (open.length > 0) throw unreadable("a bracket is never closed");
}

function write(tokens: Token[]): string {
  return tokens.reduce((text, token, index) => {
    const previous = tokens[index - 1];
    const needsSpace =
      token.text === "to" || token.text === "mod" || previous?.text === "to" || previous?.text === "mod"
        ? true
        : token.kind === "unit" && previous !== undefined && previous.text !== "(";
    return text + (needsSpace ? " " : "") + token.text;
  }, "");
}
