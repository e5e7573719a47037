import { ask, dress } from "../ask";
import type { Dice } from "../dice";
import { ANOTHER_QUESTION, CONFUSED_PRACTICE_FRAMES, GIVES_UP, PRACTICE_FRAMES } from "../frames/other-wishes";
import { asHistory } from "../records";
import { NOTHING_WANTED, sceneOf, type Scene, type Truth } from "../scene";
import type { Practice, Topic } from "../topic-schema";
import { attempt, questionText, rightAnswer } from "./practice-text";

const WANTED: Truth = { ...NOTHING_WANTED, practice: "yes", teaching: "practice" };
const WANTED_CONFUSED: Truth = { ...WANTED, clarity: "unclear", teaching: "both" };
const ANSWERED: Truth = { ...NOTHING_WANTED, followup: "yes" };
const GAVE_UP: Truth = { ...NOTHING_WANTED, clarity: "unclear", teaching: "guide" };

/** A student asks for practice and gets a question. */
export function practiceScene(topic: Topic, dice: Dice, question = dice.pick(topic.practice)): Scene {
  const subject = dice.pick(dice.chance(0.15) ? topic.descriptions : [topic.name, ...topic.names]);
  const isConfused = dice.chance(0.1);
  const message = ask(isConfused ? CONFUSED_PRACTICE_FRAMES : PRACTICE_FRAMES, subject, dice);
  return asked(topic, question, { message, truth: isConfused ? WANTED_CONFUSED : WANTED });
}

/** A student answers a question that was set. */
export async function gradeScene(topic: Topic, dice: Dice): Promise<Scene> {
  const question = dice.pick(topic.practice);
  const history = [await asHistory(practiceScene(topic, dice, question))];
  return { ...graded(topic, question, dice.chance(0.5), dice), history };
}

/** After a wrong answer and a hint, the student answers once more. No question waits then, by the rule: nothing is decided. */
export async function retryScene(topic: Topic, dice: Dice): Promise<Scene> {
  const question = dice.pick(topic.practice);
  const first = await asHistory(practiceScene(topic, dice, question));
  const second = await asHistory({ ...graded(topic, question, false, dice), history: [first] });
  const scene = graded(topic, question, dice.chance(0.65), dice);
  return { ...scene, truth: NOTHING_WANTED, history: [first, second] };
}

/** After a question was answered, the student wants another. */
export async function anotherScene(topic: Topic, dice: Dice): Promise<Scene> {
  const [before, next] = dice.sample(topic.practice, 2) as [Practice, Practice];
  const first = await asHistory(practiceScene(topic, dice, before));
  const second = await asHistory({ ...graded(topic, before, dice.chance(0.7), dice), history: [first] });
  const message = dress(dice.pick(ANOTHER_QUESTION), dice);
  return { ...asked(topic, next, { message, truth: WANTED }), history: [first, second] };
}

/** Instead of an answer the student asks for help. */
export async function gaveUpScene(topic: Topic, dice: Dice): Promise<Scene> {
  const question = dice.pick(topic.practice);
  const history = [await asHistory(practiceScene(topic, dice, question))];
  const notes = {
    math: `${topic.name}: ${topic.notes}`,
    reasoning: `${topic.name}: ${topic.notes}; help, then try again`,
  };
  const message = dress(dice.pick(GIVES_UP), dice);
  return sceneOf({ message, history, truth: GAVE_UP, notes, answer: topic.simpler, domain: topic.domain });
}

function asked(topic: Topic, question: Practice, given: Pick<Scene, "message" | "truth">): Scene {
  return sceneOf({
    ...given,
    notes: {
      math: `${topic.name}: ${topic.notes}`,
      practice: `${topic.name}: ${question.question} right: ${rightAnswer(question)}`,
      reasoning: `${topic.name}: ${topic.notes}; ask a question`,
    },
    answer: questionText(question),
    // The page draws controls from it: a question that is nearly right is none.
    whole: 0.8,
    domain: topic.domain,
  });
}

function graded(topic: Topic, question: Practice, isRight: boolean, dice: Dice): Scene {
  const { message, said } = attempt(question, isRight, dice);
  const verdict = isRight ? "which is right" : "which is not right; give a hint";
  const notes = `${topic.name}: right is ${rightAnswer(question)}; student says ${said}, ${verdict}`;
  return sceneOf({
    message,
    truth: ANSWERED,
    notes: { reasoning: notes, math: notes },
    answer: isRight ? question.right : question.wrong,
    domain: topic.domain,
  });
}
