import { parsePracticeQuestion } from "../../lib/agent";
import type { ChatScreen } from "./browser";
import { openWritten } from "./imported";

const ANSWER = `Compare fractions by giving them the same denominator.

Question: Which of these is the **largest**, if $x > 0$?
A) $\\frac{x}{2}$
B) $\\frac{3x}{4}$
C) $\\frac{x}{3}$
D) $\\frac{2x}{5}$
Choose one.`;

/** Opens a conversation that ends with a practice question with formulas; models of random weights set none. */
export async function openPractice(chat: ChatScreen): Promise<void> {
  await openWritten(chat, {
    title: "Fractions",
    question: "Give me a question to practise fractions.",
    answer: ANSWER,
    extra: { practice: parsePracticeQuestion(ANSWER) },
  });
  await chat.page.getByTestId("practice").waitFor();
}
