import katex from "katex";
import { formulaRanges, formulaAt } from "../../../app/_markdown/formulas";
import { AnswerStream } from "../../../lib/agent";

export const FORM_PROBLEMS = [
  "empty",
  "cut off",
  "open delimiter",
  "template token",
  "formula",
  "broken character",
] as const;
export type FormProblem = (typeof FORM_PROBLEMS)[number];

const TOKENS = /<\|[^|>\n]{1,40}\|>|<\/?(?:s|think|thinking|bos|eos|pad)>|\[\/?INST\]|<\/?(?:start|end)_of_turn>/;
const ENDS_WELL = /(?:[.!?…:]["'”’)\]*_]*|\$|```|\|)$/;
/** Of a list, an option or a heading nobody expects a full stop. */
const NEEDS_NO_STOP = /^\s*(?:[-*+>#]|\d+[.)]|\(?[A-F][).:]|\|)/;

/**
 * What is wrong with an answer as its reader sees it. The agent closes delimiters and takes template tokens out by itself
 * before anybody sees them: to find them here says that it did not.
 *
 * @param answer.isWhole the model ended it by itself
 */
export function formProblems({ text, isWhole }: { text: string; isWhole: boolean }): FormProblem[] {
  if (text.trim() === "") return ["empty"];
  const last = text.trimEnd().split("\n").at(-1) ?? "";
  const found: Record<Exclude<FormProblem, "empty">, boolean> = {
    "cut off": !isWhole || (!ENDS_WELL.test(last.trimEnd()) && !NEEDS_NO_STOP.test(last)),
    "open delimiter": isOpen(text),
    "template token": TOKENS.test(text),
    formula: !formulasAreRead(text),
    "broken character": /[\uFFFD\u0000-\u0008\u000B-\u001F]/.test(text),
  };
  return FORM_PROBLEMS.filter((problem) => problem !== "empty" && found[problem]);
}

/** The agent's own reading of the text would close something, or leaves a dollar sign that nothing answers. */
function isOpen(text: string): boolean {
  const stream = new AnswerStream();
  stream.push(text.replace(TOKENS, ""));
  stream.end("stop");
  if (stream.text.length > text.trim().length) return true;
  const beside = withoutFormulas(text).replace(/```[\s\S]*?```|`[^`\n]*`/g, "");
  const isOddBold = (beside.match(/\*\*/g)?.length ?? 0) % 2 === 1;
  // A dollar sign with a number behind it is money.
  return isOddBold || /(?<!\\)\$(?!\d)/.test(beside) || /\\[()[\]]/.test(beside);
}

function withoutFormulas(text: string): string {
  let rest = "";
  let at = 0;
  for (const { start, end } of formulaRanges(text, false)) {
    rest += text.slice(at, start);
    at = end;
  }
  return rest + text.slice(at);
}

function formulasAreRead(text: string): boolean {
  return formulaRanges(text, false).every(({ start }) => {
    const formula = formulaAt(text.slice(start), false);
    if (formula === null) return true;
    try {
      // As the page does.
      katex.renderToString(formula.source, {
        displayMode: formula.isDisplay,
        throwOnError: true,
        trust: false,
        strict: "ignore",
        maxExpand: 200,
      });
      return true;
    } catch {
      return false;
    }
  });
}
