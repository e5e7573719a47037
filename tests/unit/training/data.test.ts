import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parsePracticeQuestion } from "../../../lib/agent";
import { writeData, type ModelKind } from "../../../training/data/write-data";
import type { TrainingRecord } from "../../../training/data/records";
import { CONTROL_MARKS, MARKS, THOUGHT_MARKS } from "../../../training/format";
import { curriculumOf, topicFields } from "./topic";

/** Of a topic that they give away. */
const WORDS = Array.from({ length: 20 }, (_, index) => `ruler${index}`);
const curriculum = curriculumOf({
  "topics/art/lines.yaml": { ...topicFields("lines"), words: WORDS.join(", ") },
  "topics/art/colors.yaml": topicFields("colors"),
  "topics/music/chords.yaml": topicFields("chords"),
  "domains/business/cash.yaml": topicFields("cash"),
  "domains/creative/plot.yaml": topicFields("plot"),
});
/** Enough for every kind of turn to come up. */
const SCENES = 1200;
const SLOW = 60_000;
const marks = new Set<string>([...CONTROL_MARKS, ...THOUGHT_MARKS]);

async function write(model: ModelKind, seed = "1", domain: string | null = null) {
  const out = join(curriculum, `${model}-${seed}-${domain}`);
  await writeData({ model, folder: curriculum, out, scenes: SCENES, seed, domain, only: [] });
  const text = readFileSync(join(out, "data.jsonl"), "utf8");
  const records = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as TrainingRecord);
  return { text, records, about: JSON.parse(readFileSync(join(out, "about.json"), "utf8")) as Record<string, unknown> };
}

const given = ({ parts }: TrainingRecord): string => parts.flatMap(({ text, learn }) => (learn ? [] : text)).join("");
const learned = ({ parts }: TrainingRecord): string => parts.flatMap(({ text, learn }) => (learn ? text : [])).join("");

describe("the training data", () => {
  let response: Awaited<ReturnType<typeof write>>;
  let reasoning: Awaited<ReturnType<typeof write>>;
  beforeAll(async () => {
    response = await write("response");
    reasoning = await write("reasoning");
  }, SLOW);

  it(
    "is the same for the same seed, and another for another",
    async () => {
      expect((await write("response")).text).toBe(response.text);
      expect((await write("response", "2")).text).not.toBe(response.text);
    },
    SLOW,
  );

  it("never holds what is kept back for the evaluation", () => {
    for (const { text } of [response, reasoning]) expect(text.toLowerCase()).not.toContain("kept back");
  });

  it("asks with words that give a topic away, alone and together, in place of its name", () => {
    const asked = response.records.filter((record) => /ruler\d/i.test(given(record)) && !/lines/i.test(given(record)));
    expect(asked.length).toBeGreaterThan(5);
    for (const record of asked) expect(learned(record)).toMatch(/^A \*\*lines\*\* is/);
    const counts = new Set(asked.map((record) => given(record).match(/ruler\d+/gi)?.length ?? 0));
    expect([...counts].sort()).toEqual(expect.arrayContaining([1, 2]));
  });

  it(
    "teaches the base to decline what an adapter knows, and an adapter not to forget the base",
    async () => {
      const elsewhere = response.records.filter((record) => /\b(?:cash|plot)\b/i.test(given(record)));
      expect(elsewhere.length).toBeGreaterThan(0);
      for (const record of elsewhere) expect(learned(record)).not.toMatch(/\*\*(?:cash|plot)\*\*/);
      const business = await write("response", "1", "business");
      expect(business.records.some(({ adapter }) => adapter === "business")).toBe(true);
      for (const topic of ["cash", "chords"])
        expect(business.records.some((record) => learned(record).startsWith(`A **${topic}** is`))).toBe(true);
    },
    SLOW,
  );

  it("has marks alone and texts without any, and nothing given after what is learned", () => {
    const wrong = [...response.records, ...reasoning.records].filter(({ parts }) => {
      const learnsFrom = parts.findIndex(({ learn }) => learn);
      const inOrder = learnsFrom > 0 && parts.slice(learnsFrom).every(({ learn }) => learn);
      return !inOrder || parts.some(({ text }) => !marks.has(text) && /<\|\w+\|>|<\/?think>/.test(text));
    });
    expect(wrong).toEqual([]);
  });

  it("has every kind of turn: explained, simpler, first step, practice, graded, said of a tool, declined, asked back", () => {
    const answers = response.records.map(learned);
    const isQuestion = (answer: string) => parsePracticeQuestion(answer)?.text.includes("What is");
    expect(answers.some((answer) => answer.startsWith("A **lines**"))).toBe(true);
    expect(answers.some((answer) => answer.startsWith("Think of a pair of lines"))).toBe(true);
    expect(answers.some((answer) => answer.startsWith("Let us look at lines"))).toBe(true);
    expect(answers.some(isQuestion)).toBe(true);
    const said = ["Correct.", "Not quite.", "Here is your", "see its result", "larger model", "Which topic"];
    const never = said.filter((words) => !answers.some((answer) => answer.includes(words)));
    expect(never).toEqual([]);
  });

  it("asks the reasoning model just as a turn does, each question with each of its answers", () => {
    const decisions = reasoning.records.filter(({ kind }) => kind === "decision");
    const seen = new Set(decisions.map((record) => `${record.parts.at(-2)?.text}${learned(record)}`));
    const wanted = ["chart: yes", "chart: no", "practice: yes", "practice: no", "followup: yes", "followup: no"];
    const clarity = ["vague", "unclear", "both", "neither"].map((answer) => `clarity: ${answer}`);
    const teaching = ["guide", "practice", "both", "neither"].map((answer) => `teaching: ${answer}`);
    expect([...wanted, ...clarity, ...teaching].filter((pair) => !seen.has(pair))).toEqual([]);
    for (const record of decisions)
      expect(given(record).startsWith(`${MARKS.system}Label the student's last message with one word.`)).toBe(true);
  });

  describe("asks the reasoning model for the domain", () => {
    const asked = () =>
      reasoning.records.flatMap((record) => {
        const { groups } = /^domain \((?<names>.*), or general\):$/.exec(record.parts.at(-2)?.text ?? "") ?? {};
        const message = /.*Student: (.*)$/s.exec(record.parts[4]?.text ?? "")?.[1] ?? "";
        return groups === undefined
          ? []
          : { names: groups["names"]?.split(", ") ?? [], message, answer: learned(record) };
      });

    it("with all of them in any order, or some of them", () => {
      const offered = new Set(asked().map(({ names }) => names.join()));
      expect([...offered].sort()).toEqual(["business", "business,creative", "creative", "creative,business"]);
    });

    it("of a message about a domain's topic: that one where it can be chosen, else none", () => {
      const ofCash = asked().filter(({ message }) => /\bcash\b/.test(message));
      expect(ofCash.length).toBeGreaterThan(10);
      for (const { names, answer } of ofCash)
        expect(answer).toBe(names.includes("business") ? " business" : " general");
      expect(new Set(ofCash.map(({ answer }) => answer)).size).toBe(2);
    });

    it("of a message about a school topic, or about what nobody taught: none", () => {
      const others = asked().filter(({ message }) => /\b(?:lines|colors|chords|bitcoin|bl?\w{2,5}ism)\b/.test(message));
      expect(others.length).toBeGreaterThan(10);
      for (const { answer } of others) expect(answer).toBe(" general");
    });

    it("not where the rules know it, and not in every turn: a request may name no domains", () => {
      expect(asked().filter(({ message }) => /^(?:hello|thanks)$/i.test(message))).toEqual([]);
      const questions = reasoning.records.filter((record) => record.parts.at(-2)?.text === "chart:");
      expect(asked().length).toBeLessThan(questions.length);
    });

    it("and is trained on each domain's topics beside those of the base", () => {
      const answers = asked().map(({ answer }) => answer);
      for (const answer of [" business", " creative", " general"])
        expect(answers.filter((one) => one === answer).length).toBeGreaterThan(30);
    });
  });

  it("writes notes into a thought, and arguments of a tool as JSON that the tool takes", () => {
    const notes = reasoning.records.filter(({ kind }) => kind === "notes").map(learned);
    expect(notes.every((note) => /^<think>[^<]+<\/think><\|end\|>$/.test(note))).toBe(true);
    const charts = reasoning.records.filter(({ kind }) => kind === "arguments").map(learned);
    expect(charts.length).toBeGreaterThan(0);
    for (const chart of charts) expect(JSON.parse(chart)).toMatchObject({ title: "Your numbers" });
  });

  it("says what a model is made of", () => {
    expect(reasoning.about).toMatchObject({ model: "reasoning", seed: "1", scenes: SCENES, topics: { length: 5 } });
    expect(response.about).toMatchObject({ topics: { length: 3 } });
    expect(reasoning.about["format"]).toMatchObject({ end: MARKS.end, padding: MARKS.padding });
  });
});
