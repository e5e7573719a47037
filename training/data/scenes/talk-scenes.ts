import { ask, dress } from "../ask";
import type { Dice } from "../dice";
import { EXPLAIN_FRAMES } from "../frames/explain";
import { CONFUSED_FRAMES, GUIDE_FRAMES, PRACTICE_FRAMES } from "../frames/other-wishes";
import { NOTHING_WANTED, sceneOf, type Scene, type Truth } from "../scene";
import type { Talk, TalkKind } from "../talk";
import type { Topic } from "../topic-schema";
import { unknownTopic } from "../unknown-topics";
import { explainScene } from "./topic-scenes";

/** What small talk and unknown topics are made of. */
export interface TalkSource {
  talk: Record<TalkKind, Talk>;
  /** Lists of three topics, always the same: a list that changed each time could not be learned. */
  lists: readonly string[];
  /** Names of topics, none of which is unknown. */
  known: ReadonlySet<string>;
}

const TALK_SHARES: readonly (readonly [number, TalkKind])[] = [
  [3, "greeting"],
  [2, "thanks"],
  [1, "goodbye"],
  [3, "abilities"],
  [5, "vague"],
  [2, "vague-homework"],
  [2, "vague-practice"],
  [2, "vague-confused"],
];

export function talkSourceOf(talk: Record<TalkKind, Talk>, topics: readonly Topic[], dice: Dice): TalkSource {
  const base = topics.filter(({ domain }) => domain === null);
  // One topic a subject in each list, so that it shows the breadth.
  const lists = Array.from({ length: 6 }, () => {
    const subjects = dice.sample([...new Set(base.map(({ subject }) => subject))], 3);
    const named = subjects.map((subject) => dice.pick(base.filter((topic) => topic.subject === subject)).name);
    while (named.length < Math.min(3, base.length))
      named.push(dice.pick(base.filter(({ name }) => !named.includes(name))).name);
    return named.length < 2 ? named.join("") : `${named.slice(0, -1).join(", ")} and ${named.at(-1)}`;
  });
  const known = new Set(topics.flatMap(({ name, names }) => [name, ...names]).map((name) => name.toLowerCase()));
  return { talk, lists, known };
}

export function talkScene(source: TalkSource, dice: Dice): Scene {
  const kind = dice.weighted(TALK_SHARES);
  return said(
    source,
    kind,
    dice.chance(0.6) ? dice.pick(source.talk[kind].asks) : dress(dice.pick(source.talk[kind].asks), dice),
    dice,
  );
}

/**
 * Something nobody taught, asked in any of the ways in which topics are asked.
 *
 * @param elsewhere topics that only an adapter knows; the notes name them, since the reasoning model knows them all
 */
export function unknownScene(source: TalkSource, dice: Dice, elsewhere: readonly Topic[] = []): Scene {
  if (elsewhere.length > 0 && dice.chance(0.25)) {
    const { message, truth, notes } = explainScene(dice.pick(elsewhere), dice);
    return { ...said(source, "unknown", message, dice), truth, notes };
  }
  const { asks } = source.talk.unknown;
  if (dice.chance(0.15)) return said(source, "unknown", dress(dice.pick(asks), dice), dice);
  const topic = unknownTopic(dice, source.known);
  const [frames, wanted] = dice.weighted<readonly [readonly string[], Partial<Truth>]>([
    [7, [EXPLAIN_FRAMES, {}]],
    [1, [CONFUSED_FRAMES, { clarity: "unclear", teaching: "guide" }]],
    [1, [GUIDE_FRAMES, { teaching: "guide" }]],
    [1, [PRACTICE_FRAMES, { practice: "yes", teaching: "practice" }]],
  ]);
  return { ...said(source, "unknown", ask(frames, topic, dice), dice), truth: { ...NOTHING_WANTED, ...wanted } };
}

function said(source: TalkSource, kind: TalkKind, message: string, dice: Dice): Scene {
  const { answers, decisions } = source.talk[kind];
  const answer = dice.pick(answers).replace("{topics}", () => dice.pick(source.lists));
  const note = kind === "unknown" ? "unknown: not among the topics; say so" : "no topic named; ask which one";
  const truth = { ...NOTHING_WANTED, ...definedOf(decisions) };
  return sceneOf({ message, truth, answer, whole: 0.7, notes: { math: note, practice: note, reasoning: note } });
}

function definedOf(decisions: Talk["decisions"]): Partial<Truth> {
  return Object.fromEntries(Object.entries(decisions).filter(([, answer]) => answer !== undefined));
}
