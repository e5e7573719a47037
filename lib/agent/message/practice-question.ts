/**
 * A practice question as the tutor is asked to write it, so that a page can draw controls for it. On lines of their own:
 *
 * ```
 * Question: Which of these numbers are prime?
 * A) 2
 * B) 9
 * C) 11
 * D) 15
 * Select all that apply.
 * ```
 *
 * The last line tells the kind: `Choose one.` (the default where there are options), `Select all that apply.`, or
 * `Write your answer.` (no options). Small models are not exact: bold type, list marks, a number (`Question 2.`), and
 * `A.` or `(A)` are read too.
 */
export interface PracticeQuestion {
  kind: "choice" | "select-all" | "written";
  text: string;
  /** `A` to at most `F`, in order; none for a written answer. */
  options: { letter: string; text: string }[];
  /** Where it lies in the text it was found in: from `start` up to `end`, in characters. */
  start: number;
  end: number;
}

/** The last practice question in a text, which is the one that waits for an answer; null when there is none. */
export function parsePracticeQuestion(text: string): PracticeQuestion | null {
  const lines = linesOf(text);
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    if (!HEAD.test(lines[index]?.bare ?? "")) continue;
    const question = readFrom(lines, index);
    if (question !== null) return question;
  }
  return null;
}

interface Line {
  bare: string;
  start: number;
  end: number;
}

const HEAD = /^(?:practice )?(?:question|q)(?: ?#?\d{1,3})? ?[:.)](?: |$)/i;
const LETTERS = "ABCDEF";
const OPTION = /^\(?([A-Fa-f]) ?[).:](?: +|(?=\S))(.+)$/;
const CHOOSE_ONE = /^(?:choose|select|pick) (?:one|the (?:best|correct|right) (?:answer|option))\b/i;
const SELECT_ALL = /^(?:select|choose|pick|mark) all\b/i;
const WRITE = /^(?:write|type) (?:your|the|an) (?:own )?answer\b/i;
/** Lines of a question before its options or its last line; a question is no essay. */
const MOST_TEXT_LINES = 12;
const MOST_LINES = 60;

function readFrom(lines: Line[], first: number): PracticeQuestion | null {
  const head = lines[first];
  if (head === undefined) return null;
  const texts = [head.bare.replace(HEAD, "").trim()];
  const options: PracticeQuestion["options"] = [];
  let { end } = head;
  for (const line of lines.slice(first + 1, first + MOST_LINES)) {
    if (line.bare === "") continue;
    const kind = kindIn(line.bare);
    if (kind !== null) return completed(kind, { texts, options, start: head.start, end: line.end });
    const option = nextOption(line.bare, options.length);
    if (option !== null) options.push(option);
    else if (options.length === 0 && texts.length < MOST_TEXT_LINES) texts.push(line.bare);
    else break;
    end = line.end;
  }
  return completed(null, { texts, options, start: head.start, end });
}

/** The option in a line, if it is the one whose turn it is. */
function nextOption(bare: string, count: number): PracticeQuestion["options"][number] | null {
  const [, letter, text] = OPTION.exec(bare) ?? [];
  const expected = LETTERS.charAt(count);
  return letter !== undefined && letter.toUpperCase() === expected
    ? { letter: expected, text: text?.trim() ?? "" }
    : null;
}

/** A question without options whose kind no line tells is a question in passing. */
function completed(
  kind: PracticeQuestion["kind"] | null,
  { texts, ...found }: { texts: string[] } & Pick<PracticeQuestion, "options" | "start" | "end">,
): PracticeQuestion | null {
  const question = { text: texts.join("\n").trim(), ...found };
  if (question.text === "") return null;
  if (found.options.length >= 2) return { kind: kind === "select-all" ? "select-all" : "choice", ...question };
  return kind === "written" && found.options.length === 0 ? { kind, ...question } : null;
}

function kindIn(bare: string): PracticeQuestion["kind"] | null {
  if (SELECT_ALL.test(bare)) return "select-all";
  if (CHOOSE_ONE.test(bare)) return "choice";
  return WRITE.test(bare) ? "written" : null;
}

/** Each line without the marks of lists, headings, quotes, and bold type around its beginning and end. */
function linesOf(text: string): Line[] {
  let start = 0;
  return text.split("\n").map((line) => {
    const found = { bare: bareOf(line), start, end: start + line.length };
    start = found.end + 1;
    return found;
  });
}

function bareOf(line: string): string {
  const marks = line.trim().replace(/^(?:[-*+>#]+ +)+/, "");
  // Underscores stay: they are the blanks to fill in.
  const plain = marks.replace(/^\*{1,3}(?=\S)/, "").replace(/\*{1,3}$/, "");
  return plain.replace(/^(.{0,24}?[:.)])( ?)\*{1,3}/, "$1$2").trim();
}
