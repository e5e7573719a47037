import type { ToolRegistry } from "../../lib/agent";
import type { Curriculum } from "./read-curriculum";
import type { Dice } from "./dice";
import type { Scene } from "./scene";
import { anotherScene, gaveUpScene, gradeScene, practiceScene, retryScene } from "./scenes/practice-scenes";
import { talkScene, unknownScene, type TalkSource } from "./scenes/talk-scenes";
import { calculationScene, chartScene } from "./scenes/tool-scenes";
import {
  confusedScene,
  explainScene,
  guideScene,
  homeworkScene,
  nextTopicScene,
  stillConfusedScene,
} from "./scenes/topic-scenes";
import type { Topic } from "./topic-schema";

export interface Ingredients {
  /** How often an explanation is asked for, where other wishes have about 18 together. */
  explained: number;
  /** With the topics that the model is to learn. */
  curriculum: Curriculum;
  /** Of the base, for an adapter: what it must not forget. */
  known: readonly Topic[];
  /** Of the adapters, for the base: without them it has to say that it does not know. */
  elsewhere: readonly Topic[];
  source: TalkSource;
  tools: ToolRegistry;
}

type Maker = (given: Ingredients, topic: Topic, dice: Dice) => Scene | Promise<Scene>;

/** What of a topic is shown how often. */
const OTHER_WISHES: readonly (readonly [number, Maker])[] = [
  [2.5, (_, topic, dice) => confusedScene(topic, dice)],
  [1.2, (_, topic, dice) => stillConfusedScene(topic, dice)],
  [1.5, (_, topic, dice) => guideScene(topic, dice)],
  [2, (_, topic, dice) => homeworkScene(topic, dice)],
  [1, ({ curriculum }, topic, dice) => nextTopicScene(topic, dice.pick(curriculum.topics), dice)],
  [2.5, (_, topic, dice) => practiceScene(topic, dice)],
  [4, (_, topic, dice) => gradeScene(topic, dice)],
  [0.8, (_, topic, dice) => retryScene(topic, dice)],
  [0.8, (_, topic, dice) => anotherScene(topic, dice)],
  [0.7, (_, topic, dice) => gaveUpScene(topic, dice)],
];

const BESIDE_TOPICS: readonly (readonly [number, Maker])[] = [
  [3, ({ source, elsewhere }, _, dice) => unknownScene(source, dice, elsewhere)],
  [2, ({ source }, _, dice) => talkScene(source, dice)],
  // Numbers are copied into the arguments one digit after the other, which takes more showing than a text.
  [1.6, (_given, _topic, dice) => chartScene(dice)],
  [0.6, ({ tools }, _, dice) => calculationScene(dice, tools)],
];

/** Of all scenes of an adapter's topics, how many come with one of the base's. */
const SHARE_KNOWN = 0.25;
/** Of all scenes, what is not about a topic. */
const SHARE_BESIDE = 0.22;

/** Scenes without end: every topic equally often, whatever subject it is in. */
export async function* mixScenes(given: Ingredients, dice: Dice): AsyncGenerator<Scene, never, void> {
  const ofTopics: typeof OTHER_WISHES = [[given.explained, (_, topic) => explainScene(topic, dice)], ...OTHER_WISHES];
  const { topics } = given.curriculum;
  for (;;) {
    for (const topic of dice.sample(topics, topics.length)) {
      const isBeside = dice.chance(SHARE_BESIDE / (1 - SHARE_BESIDE));
      if (isBeside) yield await dice.weighted(BESIDE_TOPICS)(given, topic, dice);
      yield await dice.weighted(ofTopics)(given, topic, dice);
      if (given.known.length > 0 && dice.chance(SHARE_KNOWN))
        yield await dice.weighted(ofTopics)(given, dice.pick(given.known), dice);
    }
  }
}
