import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { questionText } from "../../../training/data/scenes/practice-text";
import { readCurriculum, type Curriculum } from "../../../training/data/read-curriculum";
import { readTalk, type Talk, type TalkKind } from "../../../training/data/talk";
import type { Topic } from "../../../training/data/topic-schema";
import { Judge } from "../../../training/eval/measures/judge";
import { declines, namesOneOf } from "../../../training/eval/measures/refusal";
import { readVerdict } from "../../../training/eval/measures/verdict";

const folder = path.resolve("training/curriculum");
const REFUSAL = "I do not know that. I know school topics such as cells, commas and slope.";
/** About derivatives, in words that the curriculum does not have. */
const OWN_WORDS =
  "The derivative measures how quickly a function rises or falls at a single point: it is the slope of the curve there. " +
  "With the power rule, $x^3$ becomes $3x^2$. A positive sign means rising, a negative one falling.";

let curriculum: Curriculum;
let talk: Record<TalkKind, Talk>;
let taught: Judge;
let facts: Judge;
let derivatives: Topic;
let integrals: Topic;

beforeAll(async () => {
  curriculum = await readCurriculum(folder);
  talk = await readTalk(path.join(folder, "talk.yaml"));
  taught = new Judge("taught", curriculum.topics, talk);
  facts = new Judge("facts", curriculum.topics, talk);
  derivatives = topicNamed("calculus/derivatives");
  integrals = topicNamed("calculus/integrals");
});

const topicNamed = (id: string): Topic => curriculum.topics.find((topic) => topic.id === id)!;
const marks = (answer: string) => taught.ofTopic(answer, derivatives, "explanation");

describe("an answer compared with the words that were taught", () => {
  it("is right when it is the text of the topic, with or without bold type", () => {
    const right = { onTopic: true, correct: true, asAsked: true, wordForWord: true };
    expect(marks(derivatives.explanation)).toEqual(right);
    expect(marks(derivatives.explanation.replaceAll("**", ""))).toEqual(right);
  });

  it("may have a word in place of another, and is then no longer word for word", () => {
    const changed = derivatives.explanation.replace("tells how", "says how");
    expect(marks(changed)).toMatchObject({ correct: true, wordForWord: false });
  });

  it("is wrong with another number, and when its end is missing", () => {
    expect(derivatives.explanation).toContain("slope is 6");
    expect(marks(derivatives.explanation.replace("slope is 6", "slope is 9"))).toMatchObject({ correct: false });
    expect(marks(derivatives.explanation.slice(0, 200))).toMatchObject({ onTopic: true, correct: false });
  });

  it("is right, but not what was asked for, when it is another text of the topic", () => {
    expect(marks(derivatives.simpler)).toMatchObject({ onTopic: true, correct: true, asAsked: false });
  });

  it("is wrong when it is a neighbour's, a refusal, small talk, or nothing", () => {
    const wrong = { onTopic: false, correct: false, asAsked: false, wordForWord: false };
    for (const answer of [integrals.explanation, REFUSAL, talk.vague.answers[0]!, "", "qwer tzui"])
      expect(marks(answer), answer).toEqual(wrong);
  });

  it("is found for every text of every topic, and for nobody else's", () => {
    const { topics } = curriculum;
    for (const [index, topic] of topics.entries()) {
      const neighbour = topics[(index + 1) % topics.length]!;
      expect(taught.ofTopic(topic.simpler, topic, "simpler"), topic.id).toMatchObject({ correct: true, asAsked: true });
      expect(taught.ofTopic(neighbour.simpler, topic, "simpler"), topic.id).toMatchObject({ correct: false });
    }
  });
});

describe("an answer compared with facts", () => {
  it("is right in words of its own, and wrong about a neighbour, as a refusal, and as nothing", () => {
    const right = { onTopic: true, correct: true, asAsked: null, wordForWord: null };
    expect(facts.ofTopic(OWN_WORDS, derivatives, "explanation")).toEqual(right);
    expect(facts.ofTopic(OWN_WORDS, integrals, "explanation")).toMatchObject({ correct: false });
    for (const answer of [integrals.explanation, REFUSAL, ""])
      expect(facts.ofTopic(answer, derivatives, "explanation"), answer).toMatchObject({ correct: false });
  });

  it("names its topic and no more: that is not enough", () => {
    expect(facts.ofTopic("Derivatives are great!", derivatives, "explanation")).toMatchObject({ correct: false });
  });

  it("would be taken for right in nearly all explanations that it does not know", () => {
    const { explained, simpler } = facts.check()!;
    expect(explained.filter(Boolean).length / explained.length).toBeGreaterThan(0.9);
    expect(simpler).toHaveLength(explained.length);
    expect(taught.check()).toBeNull();
  });
});

describe("a practice question", () => {
  it("is recognised as one of the topic's, and not as another", () => {
    const [first, second] = derivatives.practice;
    expect(taught.ofQuestion(questionText(first!), derivatives)).toEqual({ onTopic: true, known: first });
    expect(taught.ofQuestion(questionText(second!), derivatives)).toEqual({ onTopic: true, known: second });
    const other = questionText(integrals.practice[0]!);
    expect(taught.ofQuestion(other, derivatives)).toEqual({ onTopic: false, known: null });
  });

  it("gets feedback as taught, or not", () => {
    const [question] = derivatives.practice;
    expect(taught.ofFeedback(question!.right, question!, true)).toBe(true);
    expect(taught.ofFeedback(question!.wrong, question!, true)).toBe(false);
    expect(facts.ofFeedback(question!.right, question!, true)).toBeNull();
  });
});

describe("the verdict on a student's answer", () => {
  it.each([
    ["Correct. The exponent comes down.", "right"],
    ["Not quite. Bring the exponent down.", "wrong"],
    ["Yes, that's it! Nothing wrong with it.", "right"],
    ["That is incorrect, the right answer is B.", "wrong"],
    ["Almost! Try again.", "wrong"],
    ["A derivative tells how fast a function changes.", null],
    ["", null],
  ])("%j is read as %s", (answer, verdict) => {
    expect(readVerdict(answer)).toBe(verdict);
  });

  it("is read in all feedback of the curriculum", () => {
    for (const { practice } of curriculum.topics)
      for (const { right, wrong } of practice) {
        expect(readVerdict(right)).toBe("right");
        expect(readVerdict(wrong)).toBe("wrong");
      }
  });
});

describe("declining", () => {
  it("is seen in what says that it does not know, in several wordings", () => {
    for (const answer of talk.unknown.answers) expect(declines(answer), answer).toBe(true);
    expect(declines("I'm sorry, but I don't have information about the Velmar dynasty.")).toBe(true);
    expect(declines("I’m not familiar with quoxal transforms.")).toBe(true);
  });

  it("is not seen in any text about a topic, nor in other small talk", () => {
    for (const { explanation, simpler, first_step: step } of curriculum.topics)
      for (const text of [explanation, simpler, step]) expect(declines(text), text).toBe(false);
    for (const [kind, { answers }] of Object.entries(talk))
      if (kind !== "unknown") for (const answer of answers) expect(declines(answer), answer).toBe(false);
    expect(declines("")).toBe(false);
  });

  it("names topics in whole words", () => {
    expect(namesOneOf(REFUSAL, ["cells"])).toBe(true);
    expect(namesOneOf("I can excel at nothing.", ["cell"])).toBe(false);
  });
});
