import { existsSync } from "node:fs";
import { stringify } from "yaml";
import { describe, expect, it } from "vitest";
import { CurriculumError } from "../../../training/data/curriculum-error";
import { readCurriculum, readTopic } from "../../../training/data/read-curriculum";
import { readTalk } from "../../../training/data/talk";
import { curriculumOf, topicFields } from "./topic";

describe("reading a topic", () => {
  const read = (changes: Record<string, unknown>) =>
    readTopic("a/b.yaml", stringify({ ...topicFields("x"), ...changes }));
  const refusal = (changes: Record<string, unknown>): string => {
    try {
      read(changes);
    } catch (thrown) {
      if (thrown instanceof CurriculumError) return `${thrown.file} ${thrown.field}`;
      throw thrown;
    }
    return "read";
  };

  it("joins the lines of a paragraph and leaves lists and paragraphs apart", () => {
    expect(read({}).explanation).toBe("A **x** is a thing of which there are two.\n\n- one: $a$\n- other: $b$");
  });

  it("reads words with commas between them, broken where the line ends", () => {
    const words = Array.from({ length: 20 }, (_, index) => `word ${index}`);
    expect(read({ words: words.join(",\n") }).words).toEqual(words);
  });

  it.each([
    ["a field that is missing", { simpler: undefined }, "simpler"],
    ["a field that nobody knows", { extra: 1 }, ""],
    ["a text where a list belongs", { asks: "one" }, "asks"],
    ["a list with something else in it", { asks: [{ a: 1 }, ...topicFields("x").asks] }, "asks[0]"],
    ["fewer words than are worth it", { words: "one, two, three" }, "words"],
    ["a dollar sign that is not closed", { explanation: "It costs $5." }, "explanation"],
    ["a message that is held out and trained on", { held_out: topicFields("x").asks.slice(0, 6) }, "held_out"],
    [
      "praise in other words",
      { practice: [{ ...topicFields("x").practice[0], right: "Yes." }, topicFields("x").practice[1]] },
      "practice[0].right",
    ],
    [
      "a mistake that is accepted",
      { practice: [topicFields("x").practice[0], { ...topicFields("x").practice[1], mistakes: ["Two", "1", "3"] }] },
      "practice[1].mistakes",
    ],
  ])("refuses %s by file and field", (_, changes, field) => {
    expect(refusal(changes)).toBe(`a/b.yaml ${field}`);
  });

  it("refuses what is no YAML, and a file of references", () => {
    expect(() => readTopic("a/b.yaml", "name: 'x")).toThrow(CurriculumError);
    expect(() => readTopic("a/b.yaml", "a: &a [x]\nb: [*a, *a, *a]")).toThrow(CurriculumError);
  });
});

describe("reading a curriculum", () => {
  it("knows the subjects of the base and the domains of the adapters, and hashes what was read", async () => {
    const files = { "topics/art/lines.yaml": topicFields("lines"), "domains/business/cash.yaml": topicFields("cash") };
    const first = await readCurriculum(curriculumOf(files));
    expect(first.topics.map(({ id, domain }) => [id, domain])).toEqual([
      ["art/lines", null],
      ["business/cash", "business"],
    ]);
    const changed = { ...files, "topics/art/lines.yaml": { ...topicFields("lines"), notes: "other" } };
    const second = await readCurriculum(curriculumOf(changed));
    expect(first.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(second.sha256).not.toBe(first.sha256);
  });

  it("refuses an empty one", async () => {
    await expect(readCurriculum(curriculumOf({ "topics/art/notes.txt": "x" }))).rejects.toThrow(CurriculumError);
  });

  it.skipIf(!existsSync("training/curriculum/topics"))("reads the project's own", async () => {
    const { topics } = await readCurriculum("training/curriculum");
    expect(topics.length).toBeGreaterThan(0);
  });

  it("reads the project's talk, of which nothing held out is trained on", async () => {
    for (const { asks, held_out } of Object.values(await readTalk("training/curriculum/talk.yaml"))) {
      const trained = new Set(asks.map((ask) => ask.toLowerCase()));
      expect(held_out.filter((ask) => trained.has(ask.toLowerCase()))).toEqual([]);
    }
  });
});
