import { readFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { asksForChart, asksForPractice, findCalculations, looksLikeHomework } from "../../../lib/agent";
import { EXPLAIN_FRAMES } from "../../../training/data/frames/explain";
import * as wishes from "../../../training/data/frames/other-wishes";
import { readCurriculum, type Curriculum } from "../../../training/data/read-curriculum";
import { readTalk, type Talk, type TalkKind } from "../../../training/data/talk";
import { askedDomain } from "../../../training/eval/asked-domain";
import { CASE_KINDS, type EvalCase } from "../../../training/eval/case";
import { chooseCases } from "../../../training/eval/choose-cases";
import * as frames from "../../../training/eval/frames";
import { heldOutSet } from "../../../training/eval/held-out";
import { UNKNOWN_MESSAGES, UNKNOWN_THINGS } from "../../../training/eval/unknown";

const BASE = { only: null, choices: [] };
const folder = path.resolve("training/curriculum");
let curriculum: Curriculum;
let talk: Record<TalkKind, Talk>;
let set: EvalCase[];

beforeAll(async () => {
  curriculum = await readCurriculum(folder);
  talk = await readTalk(path.join(folder, "talk.yaml"));
  set = heldOutSet({ curriculum, talk, seed: 1, domain: BASE });
});

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z{}0-9]+/g, " ")
    .trim();

describe("the held-out set", () => {
  it("has frames that no training frame is, whatever its capitals and marks", async () => {
    const trained = [...EXPLAIN_FRAMES, ...Object.values(wishes).flat()].map(plain);
    const scenes = await Promise.all(
      ["tool-scenes", "practice-text"].map((name) => readFile(`training/data/scenes/${name}.ts`, "utf8")),
    );
    const sources = scenes.flatMap((text) => [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, one]) => plain(one!)));
    for (const frame of Object.values(frames).flat()) expect([...trained, ...sources]).not.toContain(plain(frame));
  });

  it("asks for unknown things that training has not, and for nothing that is known", async () => {
    const trained = plain(await readFile("training/data/unknown-topics.ts", "utf8"));
    const known = curriculum.topics.flatMap(({ name, names }) => [name, ...names]).map(plain);
    for (const thing of UNKNOWN_THINGS) {
      expect(trained).not.toContain(plain(thing));
      expect(known).not.toContain(plain(thing));
    }
    const asked = talk.unknown.asks.map(plain);
    for (const message of UNKNOWN_MESSAGES) expect(asked).not.toContain(plain(message));
  });

  it("has no message that a topic or the talk is trained on", () => {
    const trained = new Set(
      [...curriculum.topics.flatMap(({ asks }) => asks), ...Object.values(talk).flatMap(({ asks }) => asks)].map(plain),
    );
    expect(set.filter(({ message }) => trained.has(plain(message)))).toEqual([]);
  });

  it("leaves out what was held out by mistake: a message that is trained on with other marks", () => {
    const greeting = { ...talk.greeting, asks: ["see you around"], held_out: ["See you around!", "good day"] };
    const changed = heldOutSet({ curriculum, talk: { ...talk, greeting }, seed: 1, domain: BASE });
    const greetings = changed.filter((one) => one.kind === "talk" && one.talk === "greeting");
    expect(greetings.map(({ message }) => message)).toEqual(["good day"]);
  });

  it("has every topic in every kind, other kinds beside, and each id once", () => {
    const topics = curriculum.topics.filter(({ domain }) => domain === null);
    for (const { id } of topics)
      for (const kind of ["confused", "homework", "practice"])
        expect(set.some((one) => one.kind === kind && one.id === `${id} ${kind}`)).toBe(true);
    for (const kind of CASE_KINDS) expect(set.some((one) => one.kind === kind)).toBe(true);
    expect(new Set(set.map(({ id }) => id)).size).toBe(set.length);
    const messages = topics.flatMap(({ held_out: held }) => held);
    for (const message of messages) expect(set.some((one) => one.message === message)).toBe(true);
  });

  it("fills every gap, and means what it says", () => {
    for (const { kind, message, labels } of set) {
      if (labels === "composed") expect(message).not.toMatch(/\{[a-z]\}/);
      if (kind === "chart") expect(asksForChart(message), message).toBe(true);
      if (kind === "calculation") expect(findCalculations(message), message).toHaveLength(1);
    }
    const composed = set.filter(({ labels }) => labels === "composed");
    const share = (kind: string, isSo: (message: string) => boolean): number => {
      const ofKind = composed.filter((one) => one.kind === kind);
      return ofKind.filter(({ message }) => isSo(message)).length / ofKind.length;
    };
    expect(share("practice", asksForPractice)).toBeGreaterThan(0.5);
    expect(share("homework", looksLikeHomework)).toBeGreaterThan(0.5);
  });

  it("is the same with the same seed, and of a domain its topics alone", () => {
    expect(heldOutSet({ curriculum, talk, seed: 1, domain: BASE })).toEqual(set);
    expect(heldOutSet({ curriculum, talk, seed: 2, domain: BASE })).not.toEqual(set);
    expect(heldOutSet({ curriculum, talk, seed: 1, domain: { only: "nobody", choices: [] } })).toEqual([]);
    const [first] = curriculum.topics;
    const changed = { ...curriculum, topics: [{ ...first!, domain: "business" }] };
    const ofDomain = heldOutSet({ curriculum: changed, talk, seed: 1, domain: { only: "business", choices: [] } });
    expect(ofDomain.every(({ domain }) => domain === "business")).toBe(true);
    expect(ofDomain).toHaveLength(first!.held_out.length + 3);
  });
});

describe("the held-out set of turns that choose their domain", () => {
  it("has the topics of the domains to choose from beside all that the base is asked", () => {
    const whole = heldOutSet({ curriculum, talk, seed: 1, domain: { only: null, choices: ["business", "creative"] } });
    expect(whole.filter(({ domain }) => domain === null)).toEqual(set);
    const others = new Set(whole.flatMap(({ domain }) => domain ?? []));
    expect([...others].sort()).toEqual(["business", "creative"]);
  });

  it("is asked where there are domains, and nobody said otherwise", () => {
    const known = ["business", "creative"];
    expect(askedDomain(null, known)).toEqual({ setting: "auto", only: null, choices: known });
    expect(askedDomain(null, [])).toEqual({ setting: null, only: null, choices: [] });
    expect(askedDomain("none", known)).toEqual({ setting: null, only: null, choices: [] });
    expect(askedDomain("business", known)).toEqual({ setting: "business", only: "business", choices: [] });
    expect(() => askedDomain("law", known)).toThrow(/"law" is configured; there are: business, creative/);
  });
});

describe("a quick look", () => {
  it("sees something of every kind, the same with the same seed", () => {
    const look = () => chooseCases(set, { only: [], limit: 16, seed: 1 });
    expect(look()).toHaveLength(16);
    expect(new Set(look().map(({ kind }) => kind)).size).toBe(CASE_KINDS.length);
    expect(look()).toEqual(look());
  });

  it("sees only the kinds asked for, and no more than there are", () => {
    const talks = chooseCases(set, { only: ["talk"], limit: 10_000, seed: 1 });
    expect(talks.length).toBeGreaterThan(10);
    expect(talks.every(({ kind }) => kind === "talk")).toBe(true);
  });
});
