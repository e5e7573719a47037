import type { Run } from "./runs";

/*
 * Which runs are calculations that a student wants the value of. Most numbers in a message are none: a date, a score, a
 * page. A wrong find costs tokens and leads the answer astray, a missed one only leaves the model where it was.
 */

const ASKS =
  /\b(?:what(?:'s|’s| is| are| does)|whats|how much (?:is|are)|calculate|compute|evaluate|work out|find|is|equals?|solve)(?: the (?:value|result|answer)(?: of)?| of| (?:out|is))?:? *$/i;
const COMMANDS = /\b(?:calculate|compute|evaluate|work out|divide|subtract|the (?:value|result|answer) of):? *$/i;
const ELSEWHERE =
  /\b(?:pages?|pp?|chapters?|ch|sections?|versions?|v|rooms?|phone|tel|call|fax|isbn|dates?|on|from|between|flight|route|lines?|years?|since|aged?|ages|grades?|questions?|problems?|exercises?|figures?|fig|tables?|verses?|code|id|order|model|number|no|won|lost|score|highway|interstate|june|july|january|february|march|april|may|august|september|october|november|december)\.? *$/i;
const MEASURED =
  /^ *(?:-|by )?(?:grid|matri(?:x|ces)|tables?|boards?|inch(?:es)?|pixels?|images?|photos?|screens?|rooms?|arrays?)\b/i;
const ATTACHED_BEFORE = /[\p{L}\p{N}_#@:/.\\&$€£-]$/u;
const ATTACHED_AFTER = /^(?:[\p{L}\p{N}_#@:/\\-]|\.\d)/u;
const STRONG = /^(?:\*\*?|[×·⋅÷∕^]|times|plus|of|divided by|multiplied by|to the power of)$/;

/** Whether a run without unknowns is worth computing. */
export function isArithmetic(run: Run): boolean {
  const { parts, before, after } = run;
  if (ATTACHED_BEFORE.test(before) || ATTACHED_AFTER.test(after)) return false;
  if (parts.some(({ kind, text }) => kind === "number" && /^0\d/.test(text))) return false;
  if (ELSEWHERE.test(before) || isNamed(before)) return false;
  const crosses = parts.filter(({ kind, text }) => kind === "letter" && text !== "pi").length;
  const operators = parts
    .slice(1)
    .filter(({ kind }) => kind === "operator")
    .map(({ text }) => text);
  const hasFunction = parts.some(({ kind }) => kind === "function");
  if (crosses > 0) return isAsked(run) && !MEASURED.test(after);
  const hasPower = parts.some(({ kind, text }) => kind === "postfix" && /[²³]/.test(text));
  if (hasFunction || (hasPower && parts.length <= 2)) return hasFunction || isAsked(run);
  if (operators.length === 0) return false;
  if (operators.some((operator) => STRONG.test(operator))) return true;
  if (operators.includes("+")) return true;
  return isAskedDifference(run, operators);
}

/** Only `-` and `/`, which dates, scores, ranges and phone numbers are made of. */
function isAskedDifference(run: Run, operators: string[]): boolean {
  const isSpaced = / [-−–/] /.test(run.text);
  const numbers = run.parts.filter(({ kind }) => kind === "number").map(({ text }) => Number(text.replace(/,/g, "")));
  const areYears = numbers.length === 2 && numbers.every((number) => number >= 1000 && number <= 2100);
  if (areYears && !COMMANDS.test(run.before)) return false;
  if (run.parts.some(({ kind }) => kind === "open")) return isAsked(run);
  if (isSpaced) return isAsked(run);
  if (operators.length > 1) return false;
  if (COMMANDS.test(run.before) || run.asksValue) return true;
  // What is 9/11, what is 24-7: a name. What is 12-5 is not.
  const [first = 0, second = 0] = numbers;
  return isAsked(run) && /[-−–]/.test(operators[0] ?? "") && first > second && !(first === 24 && second === 7);
}

/** A question or a command stands before it, `=` after it, or there is nothing else. */
function isAsked({ before, after, asksValue }: Run): boolean {
  return asksValue || ASKS.test(before) || COMMANDS.test(before) || (before.trim() === "" && /^[\s?.!]*$/.test(after));
}

/** `iPhone 12 + 13`: a word with a capital that begins no sentence is a name. */
function isNamed(before: string): boolean {
  const word = /(\S+) +$/.exec(before)?.[1] ?? "";
  const isFirst = before.trim() === word;
  return /^[a-z]+[A-Z]/.test(word) || (!isFirst && /^[A-Z][a-zA-Z]*$/.test(word) && word !== "I");
}

/** Whether a run with `=` and unknowns says more than `x = 5`. */
export function isEquation(run: Run): boolean {
  const { parts, before, after } = run;
  if (ATTACHED_BEFORE.test(before) || ATTACHED_AFTER.test(after)) return false;
  if (parts.filter(({ kind }) => kind === "equals").length !== 1) return false;
  if (!parts.some(({ kind }) => kind === "number")) return false;
  const at = parts.findIndex(({ kind }) => kind === "equals");
  const isName = (side: Run["parts"]) => side.length === 1 && side[0]?.kind === "letter";
  return at > 0 && at < parts.length - 1 && !isName(parts.slice(0, at)) && !isName(parts.slice(at + 1));
}
