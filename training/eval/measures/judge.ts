import type { Curriculum } from "../../data/read-curriculum";
import { questionText } from "../../data/scenes/practice-text";
import type { Talk, TalkKind } from "../../data/talk";
import type { Practice, Topic } from "../../data/topic-schema";
import { nameOfFacts, namesFacts } from "./facts";
import { TextIndex, type OwnedText } from "./nearest";
import { isWordForWord, overlapOf, saysTheSame } from "./overlap";

export const MEASURES = ["taught", "facts"] as const;
/** What an answer is compared with: the words that the model was taught, or what they are about. */
export type Measure = (typeof MEASURES)[number];

export interface TopicMarks {
  onTopic: boolean;
  correct: boolean;
  /** The text that fits the wish: simpler words for the confused, a first step for homework. Null where words are free. */
  asAsked: boolean | null;
  wordForWord: boolean | null;
}

const TALK = "talk ";
/** Of two texts, so much in common makes one the other: questions of a topic have more in common than answers have. */
const SAME_QUESTION = 0.85;

/** Tells whether answers are those of the curriculum. */
export class Judge {
  readonly #index: TextIndex;

  /** @param topics all that a right answer must be told from, this one included */
  constructor(
    readonly measure: Measure,
    private readonly topics: readonly Topic[],
    talk: Record<TalkKind, Talk>,
  ) {
    this.#index = new TextIndex(
      measure === "taught" ? [...taughtTexts(topics), ...talkTexts(talk)] : wholeTopics(topics),
    );
  }

  /** An answer about a topic. @param expected the text that fits the student's wish */
  ofTopic(answer: string, topic: Topic, expected: "explanation" | "simpler" | "first_step"): TopicMarks {
    const onTopic = this.#index.nearest(answer)?.owner === topic.id;
    if (this.measure === "facts")
      return { onTopic, correct: onTopic && namesFacts(answer, topic), asAsked: null, wordForWord: null };
    const texts = [topic.explanation, topic.simpler, topic.first_step];
    return {
      onTopic,
      correct: onTopic && texts.some((text) => saysTheSame(answer, text)),
      asAsked: onTopic && saysTheSame(answer, topic[expected]),
      wordForWord: texts.some((text) => isWordForWord(answer, text)),
    };
  }

  /** Whether a practice question is about the topic, and which of the curriculum's it is; null for another. */
  ofQuestion(question: string, topic: Topic): { onTopic: boolean; known: Practice | null } {
    const scored = topic.practice.map((one) => ({ one, overlap: overlapOf(question, questionText(one)) }));
    const best = scored.reduce((left, right) => (right.overlap > left.overlap ? right : left));
    const known = best.overlap >= SAME_QUESTION ? best.one : null;
    return { onTopic: known !== null || this.#index.nearest(question)?.owner === topic.id, known };
  }

  /** Whether an answer to small talk is of the right kind; only words that were taught tell. */
  ofTalk(answer: string, kind: TalkKind): boolean | null {
    return this.measure === "facts" ? null : this.#index.nearest(answer)?.owner === `${TALK}${kind}`;
  }

  /** Whether feedback is what was taught; null where words are free. */
  ofFeedback(answer: string, { right, wrong }: Practice, isRight: boolean): boolean | null {
    return this.measure === "facts" ? null : saysTheSame(answer, isRight ? right : wrong);
  }

  /**
   * What the measure `facts` is worth: of each topic's texts, taken out of what it is compared with, whether it is found on
   * topic and correct, as a right answer in other words would have to be. Null for `taught`.
   */
  check(): { explained: boolean[]; simpler: boolean[] } | null {
    if (this.measure === "taught") return null;
    const without = (left: "explanation" | "simpler"): boolean[] => {
      const rest = this.topics.map((topic) => ({ ...topic, [left]: "" }));
      const index = new TextIndex(wholeTopics(rest));
      return this.topics.map((topic, at) => {
        const onTopic = index.nearest(topic[left])?.owner === topic.id;
        return onTopic && namesFacts(topic[left], rest[at] ?? topic);
      });
    };
    return { explained: without("explanation"), simpler: without("simpler") };
  }
}

/** The topics that a model which answers in a domain knows: those of the base, and the domain's. */
export function topicsKnownIn({ topics }: Curriculum, domains: readonly string[]): Topic[] {
  return topics.filter(({ domain }) => domain === null || domains.includes(domain));
}

function taughtTexts(topics: readonly Topic[]): OwnedText[] {
  return topics.flatMap(({ id, explanation, simpler, first_step, practice }) =>
    [explanation, simpler, first_step, ...practice.map(questionText)].map((text) => ({ owner: id, text })),
  );
}

function talkTexts(talk: Record<TalkKind, Talk>): OwnedText[] {
  return Object.entries(talk).flatMap(([kind, { answers }]) =>
    answers.map((text) => ({ owner: `${TALK}${kind}`, text: text.replace("{topics}", "") })),
  );
}

function wholeTopics(topics: readonly Topic[]): OwnedText[] {
  return topics.map((topic) => {
    const { id, names, descriptions, asks, explanation, simpler, first_step, practice } = topic;
    const texts = [nameOfFacts(topic), ...names, ...descriptions, ...asks, explanation, simpler, first_step];
    return { owner: id, text: [...texts, ...practice.map(questionText)].join("\n") };
  });
}
