import { looksLikeHomework, showsConfusion, asksForGuidance } from "../../lib/agent";
import type { Curriculum } from "../data/read-curriculum";
import { NOTHING_WANTED, type Truth } from "../data/scene";
import type { Talk, TalkKind } from "../data/talk";
import type { Topic } from "../data/topic-schema";
import type { AskedDomain } from "./asked-domain";
import type { EvalCase, PracticeCase, TalkCase, TopicCase, UnknownCase } from "./case";
import { diceOf } from "./dice-of";
import { HELD_OUT_CONFUSED, HELD_OUT_EXPLAIN, HELD_OUT_HOMEWORK, HELD_OUT_PRACTICE } from "./frames";
import { toolCases } from "./tool-cases";
import { UNKNOWN_MESSAGES, UNKNOWN_THINGS } from "./unknown";

const CONFUSED: Truth = { ...NOTHING_WANTED, clarity: "unclear", teaching: "guide" };
const GUIDED: Truth = { ...NOTHING_WANTED, teaching: "guide" };
const PRACTICE: Truth = { ...NOTHING_WANTED, practice: "yes", teaching: "practice" };

export interface SetRequest {
  curriculum: Curriculum;
  talk: Record<TalkKind, Talk>;
  seed: number;
  /** Only what one domain's adapter is taught; or what the base and those to choose from are, and all beside topics. */
  domain: Pick<AskedDomain, "only" | "choices">;
}

/**
 * All cases, in an order that does not change: nothing of them is trained on, up to the limits that the README names. A
 * message that is, but for capitals and marks, is left out.
 */
export function heldOutSet(request: SetRequest): EvalCase[] {
  const trained = trainedMessages(request);
  const { only, choices } = request.domain;
  const topics = request.curriculum.topics.filter(
    ({ domain }) => domain === only || (only === null && domain !== null && choices.includes(domain)),
  );
  const ofTopics = topics.flatMap((topic) => topicCases(topic, request.seed));
  const beside = [...unknownCases(request), ...talkCases(request.talk), ...toolCases(request.seed)];
  const all = only === null ? [...ofTopics, ...beside] : ofTopics;
  return all.filter(({ message }) => !trained.has(plain(message)));
}

function trainedMessages({ curriculum, talk }: SetRequest): Set<string> {
  const asks = [...curriculum.topics, ...Object.values(talk)].flatMap((one) => one.asks);
  return new Set(asks.map(plain));
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

function topicCases(topic: Topic, seed: number): EvalCase[] {
  const { id, name, names, domain, homework } = topic;
  const explain = topic.held_out.map((message, index): TopicCase => ({
    ...heldOutMessage(topic, message),
    id: `${id} held_out ${index + 1}`,
  }));
  const framed = (kind: string, frames: readonly string[], subject: (one: ReturnType<typeof diceOf>) => string) => {
    const dice = diceOf(seed, `${kind} ${id}`);
    return dice.pick(frames).replace(/\{[xh]\}/, () => subject(dice));
  };
  const named = (dice: ReturnType<typeof diceOf>): string => dice.pick([name, ...names]);
  const composed = { topic, domain, labels: "composed" as const };
  const confused: TopicCase = {
    ...composed,
    kind: "confused",
    id: `${id} confused`,
    message: framed("confused", HELD_OUT_CONFUSED, named),
    truth: CONFUSED,
  };
  const work: TopicCase = {
    ...composed,
    kind: "homework",
    id: `${id} homework`,
    message: framed("homework", HELD_OUT_HOMEWORK, (dice) => dice.pick(homework)),
    truth: GUIDED,
  };
  const practice: PracticeCase = {
    ...composed,
    kind: "practice",
    id: `${id} practice`,
    message: framed("practice", HELD_OUT_PRACTICE, named),
    truth: PRACTICE,
  };
  return [...explain, confused, work, practice];
}

/** Nobody has said what such a message asks for: as in training, the rules do. */
function heldOutMessage(topic: Topic, message: string): Omit<TopicCase, "id"> {
  const given = { topic, message, domain: topic.domain, labels: "rule" as const };
  if (showsConfusion(message)) return { ...given, kind: "confused", truth: CONFUSED };
  if (looksLikeHomework(message)) return { ...given, kind: "homework", truth: GUIDED };
  return { ...given, kind: "explain", truth: asksForGuidance(message) ? GUIDED : NOTHING_WANTED };
}

function unknownCases({ curriculum, talk, seed }: SetRequest): UnknownCase[] {
  const known = new Set(
    curriculum.topics.flatMap(({ name, names }) => [name, ...names]).map((one) => one.toLowerCase()),
  );
  const things = UNKNOWN_THINGS.filter((thing) => !known.has(thing.toLowerCase()));
  const given = { kind: "unknown" as const, domain: null };
  const messages = [...talk.unknown.held_out, ...UNKNOWN_MESSAGES].map((message, index): UnknownCase => ({
    ...given,
    id: `unknown message ${index + 1}`,
    message,
    truth: NOTHING_WANTED,
    labels: "composed",
  }));
  const asked = things.map((thing): UnknownCase => {
    const dice = diceOf(seed, `unknown ${thing}`);
    const [frames, truth] = dice.weighted<readonly [readonly string[], Truth]>([
      [7, [HELD_OUT_EXPLAIN, NOTHING_WANTED]],
      [1, [HELD_OUT_CONFUSED, CONFUSED]],
      [1, [HELD_OUT_PRACTICE, PRACTICE]],
    ]);
    const message = dice.pick(frames).replace("{x}", () => thing);
    return { ...given, id: `unknown ${thing}`, message, truth, labels: "composed" };
  });
  return [...messages, ...asked];
}

function talkCases(talk: SetRequest["talk"]): TalkCase[] {
  const kinds = Object.keys(talk).filter((kind) => kind !== "unknown") as TalkKind[];
  return kinds.flatMap((kind) => {
    const { held_out, decisions } = talk[kind];
    const wanted = Object.fromEntries(Object.entries(decisions).filter(([, answer]) => answer !== undefined));
    const truth = { ...NOTHING_WANTED, ...wanted };
    return held_out.map((message, index): TalkCase => ({
      kind: "talk",
      talk: kind,
      id: `${kind} ${index + 1}`,
      message,
      truth,
      labels: "composed",
      domain: null,
    }));
  });
}
