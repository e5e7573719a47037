import type { Dice } from "../dice";
import { isChoice, type Practice } from "../topic-schema";

const LETTERS = ["A", "B", "C", "D"] as const;

/** A practice question in the form that the page draws controls from: see `parsePracticeQuestion`. */
export function questionText(question: Practice): string {
  if (!isChoice(question)) return `Question: ${question.question}\nWrite your answer.`;
  const options = question.options.map((option, index) => `${LETTERS[index]}) ${option}`);
  const kind = question.answer.includes(",") ? "Select all that apply." : "Choose one.";
  return [`Question: ${question.question}`, ...options, kind].join("\n");
}

/** The right answer as notes name it. */
export function rightAnswer(question: Practice): string {
  if (!isChoice(question)) return question.answer;
  if (question.answer.includes(",")) return question.answer;
  return `${question.answer}) ${question.options[LETTERS.indexOf(question.answer as "A")]}`;
}

const SAID = [
  "{a}",
  "{a}",
  "{a}",
  "{a}",
  "{a}.",
  "{a}?",
  "My answer: {a}",
  "My answer: {a}",
  "my answer is {a}",
  "the answer is {a}",
  "answer {a}",
  "I think {a}",
  "I think it's {a}",
  "i think its {a}",
  "it is {a}",
  "is it {a}?",
  "maybe {a}",
  "I'd say {a}",
  "I choose {a}",
  "{a} I think",
  "ok, {a}",
  "hmm {a}",
] as const;

/** An answer as a student gives it, and what it is. */
export function attempt(question: Practice, isRight: boolean, dice: Dice): { message: string; said: string } {
  const said = isChoice(question)
    ? chosen(question, isRight, dice)
    : dice.pick(isRight ? question.accept : question.mistakes);
  return { message: dice.pick(SAID).replace("{a}", () => said), said };
}

function chosen(question: Extract<Practice, { options: string[] }>, isRight: boolean, dice: Dice): string {
  const right = question.answer.split(", ");
  const letters = isRight ? right : wrongLetters(right, dice);
  const [only = "A"] = letters;
  if (letters.length === 1 && dice.chance(0.2)) return question.options[LETTERS.indexOf(only as "A")] ?? only;
  if (letters.length === 1) return dice.pick([only, only, only, only.toLowerCase(), `${only})`, `option ${only}`]);
  const list = letters.join(dice.pick([", ", ", ", " and ", " ", ""]));
  return dice.chance(0.3) ? list.toLowerCase() : list;
}

function wrongLetters(right: readonly string[], dice: Dice): string[] {
  if (right.length === 1) return [dice.pick(LETTERS.filter((letter) => letter !== right[0]))];
  for (;;) {
    const letters = dice.sample(LETTERS, dice.between(1, 3)).sort();
    if (letters.join() !== right.join()) return letters;
  }
}
