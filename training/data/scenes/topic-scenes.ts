import { asksForGuidance, looksLikeHomework, showsConfusion } from "../../../lib/agent";
import { ask, dress } from "../ask";
import type { Dice } from "../dice";
import { EXPLAIN_FRAMES } from "../frames/explain";
import { CONFUSED_FRAMES, GUIDE_FRAMES, HOMEWORK_FRAMES, SAY_IT_SIMPLER, STILL_CONFUSED } from "../frames/other-wishes";
import { WORD_FRAMES } from "../frames/words";
import { asHistory } from "../records";
import { NOTHING_WANTED, sceneOf, type Scene, type Truth } from "../scene";
import type { Topic } from "../topic-schema";

/** A confused student is led, too: the decision's examples say so. */
const CONFUSED: Truth = { ...NOTHING_WANTED, clarity: "unclear", teaching: "guide" };
const GUIDED: Truth = { ...NOTHING_WANTED, teaching: "guide" };

/** A student asks what a topic is: in a whole message of the curriculum, or with its name or description in a frame. */
export function explainScene(topic: Topic, dice: Dice): Scene {
  const kind = dice.weighted([
    [4, "asked"],
    [topic.words === undefined ? 0 : 3, "worded"],
    [3, "framed"],
  ] as const);
  if (kind === "asked") return askedScene(topic, dice);
  if (kind === "worded") return explained(topic, worded(topic.words ?? [], dice), NOTHING_WANTED);
  const subject = dice.pick(dice.chance(0.5) ? topic.descriptions : [topic.name, ...topic.names]);
  return explained(topic, ask(EXPLAIN_FRAMES, subject, dice), NOTHING_WANTED);
}

/** One to four of the words that give a topic away, as a message. */
function worded(words: readonly string[], dice: Dice): string {
  const picked = dice.sample(
    words,
    dice.weighted<number>([
      [3, 1],
      [4, 2],
      [2, 3],
      [1, 4],
    ]),
  );
  return ask(WORD_FRAMES, picked.join(dice.chance(0.6) ? " " : ", "), dice);
}

/** Nobody has said what such a message asks for; the rules, which would rather say too little, do. */
function askedScene(topic: Topic, dice: Dice): Scene {
  const original = dice.pick(topic.asks);
  const message = dress(original, dice);
  if (showsConfusion(original)) return confused(topic, message);
  if (looksLikeHomework(original)) return guided(topic, message);
  return explained(topic, message, asksForGuidance(original) ? GUIDED : NOTHING_WANTED);
}

export function confusedScene(topic: Topic, dice: Dice): Scene {
  const subject = dice.pick(dice.chance(0.25) ? topic.descriptions : [topic.name, ...topic.names]);
  return confused(topic, ask(CONFUSED_FRAMES, subject, dice));
}

/** After an explanation, the student wants it said otherwise. */
export async function stillConfusedScene(topic: Topic, dice: Dice): Promise<Scene> {
  const history = [await asHistory(explainScene(topic, dice))];
  if (dice.chance(0.7)) return { ...confused(topic, dress(dice.pick(STILL_CONFUSED), dice)), history };
  const message = dress(dice.pick(SAY_IT_SIMPLER), dice);
  return { ...explained(topic, message, NOTHING_WANTED), answer: topic.simpler, history };
}

export function guideScene(topic: Topic, dice: Dice): Scene {
  return guided(topic, ask(GUIDE_FRAMES, dice.pick([topic.name, ...topic.names]), dice));
}

export function homeworkScene(topic: Topic, dice: Dice): Scene {
  return guided(topic, ask(HOMEWORK_FRAMES, dice.pick(topic.homework), dice));
}

/** Another topic after this one: what is asked last is what counts. */
export async function nextTopicScene(topic: Topic, before: Topic, dice: Dice): Promise<Scene> {
  return { ...explainScene(topic, dice), history: [await asHistory(explainScene(before, dice))] };
}

function explained(topic: Topic, message: string, truth: Truth): Scene {
  return about(topic, { message, truth, answer: topic.explanation, next: "explain, then ask" });
}

function confused(topic: Topic, message: string): Scene {
  return about(topic, { message, truth: CONFUSED, answer: topic.simpler, next: "simpler, with an example" });
}

function guided(topic: Topic, message: string): Scene {
  return about(topic, { message, truth: GUIDED, answer: topic.first_step, next: "first step only, not the result" });
}

/** Notes name the topic first: that is what the answer hangs on. */
function about(topic: Topic, given: Pick<Scene, "message" | "truth" | "answer"> & { next: string }): Scene {
  const { next, ...scene } = given;
  const notes = { math: `${topic.name}: ${topic.notes}`, reasoning: `${topic.name}: ${topic.notes}; ${next}` };
  return sceneOf({ ...scene, notes, domain: topic.domain });
}
