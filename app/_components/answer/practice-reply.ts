import { isRecord, isText, readList } from "./fields";

/** A practice question as its controls need it. */
export interface Practice {
  kind: "choice" | "select-all" | "written";
  text: string;
  /** None for a written answer. */
  options: { letter: string; text: string }[];
  /** Where it lies in the answer's text. */
  start: number;
  end: number;
}

/** What the agent takes for an answer by its rule is no longer than 120 words, these before it included. */
export const MOST_WRITTEN_WORDS = 110;
const REPLY = "My answer: ";
const KINDS = ["choice", "select-all", "written"] as const;
const LETTERS = "ABCDEF";
const MOST_TEXT = 10_000;

/** The data of a `data-practice` part as a question; null when it is none: the answer's text says it all the same. */
export function readPractice(data: unknown): Practice | null {
  if (!isRecord(data) || !isText(data.text, MOST_TEXT)) return null;
  const { text, start, end } = data;
  const kind = KINDS.find((name) => name === data.kind);
  const options = readList(data.options, LETTERS.length, readOption);
  if (kind === undefined || options === null || !isPosition(start) || !isPosition(end) || end <= start) return null;
  const isOrdered = options.every(({ letter }, index) => letter === LETTERS[index]);
  if (!isOrdered || (kind === "written") !== (options.length === 0) || options.length === 1) return null;
  return { kind, text, options, start, end };
}

/** An answer's text without its practice question, which the controls show in its place. */
export function splitAnswer(text: string, { start, end }: Practice): { before: string; after: string } {
  return { before: text.slice(0, start).trimEnd(), after: text.slice(end).trimStart() };
}

/** The message that answers: `My answer: B`, `My answer: A, C`, `My answer: because of ...`. */
export function replyOf(given: readonly string[] | string): string {
  return REPLY + (typeof given === "string" ? given.trim() : [...given].sort().join(", "));
}

/** The letters or the text that a message of `replyOf` gives; null when it is another message. */
export function givenIn(reply: string, { kind, options }: Practice): string[] | string | null {
  if (!reply.startsWith(REPLY)) return null;
  const given = reply.slice(REPLY.length);
  if (kind === "written") return given;
  const letters = given.split(", ");
  const isKnown = letters.every((letter) => options.some((option) => option.letter === letter));
  return isKnown && (kind === "select-all" || letters.length === 1) ? letters : null;
}

/** The letters of a question's options in a text such as `A,C`; the others are left out. */
export function lettersIn(text: string, { kind, options }: Practice): string[] {
  const letters = text.split(",").filter((letter) => options.some((option) => option.letter === letter));
  return kind === "choice" ? letters.slice(0, 1) : [...new Set(letters)];
}

/** How many words an answer has, counted as the agent counts them. */
export function countWords(text: string): number {
  return text.match(/[\p{L}\p{N}\p{M}'%+]+/gu)?.length ?? 0;
}

function readOption(given: unknown): Practice["options"][number] | null {
  if (!isRecord(given) || !isText(given.letter, 1) || !isText(given.text, MOST_TEXT)) return null;
  return { letter: given.letter, text: given.text };
}

function isPosition(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
