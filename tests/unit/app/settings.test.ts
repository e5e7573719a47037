import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { parseSettings, rangeWords, readNumber, settingsText } from "../../../app/_chat/read-settings";
import {
  agentFields,
  asOffered,
  completionFields,
  countChanged,
  LONGEST_SYSTEM_PROMPT,
  OFFERED_BY_MODEL,
  RANGES,
  SERVERS_OWN,
  type AnswerSettings,
} from "../../../app/_chat/settings";
import { messagesFor } from "../../../app/_chat/turn";
import { parseChatCall } from "../../../lib/wire/chat-call";

const ALL: AnswerSettings = {
  domain: "business",
  thoughtTokens: 0,
  temperature: 0.7,
  answerTokens: 200,
  systemPrompt: "Answer in rhymes.",
};
const EVERYTHING = { domains: ["business"], systemPrompt: true, thoughts: true };

describe("settings that this browser keeps", () => {
  it("are read as they were written", () => {
    expect(parseSettings(settingsText(ALL))).toEqual(ALL);
    expect(settingsText(SERVERS_OWN)).toBe("");
    expect(parseSettings("")).toEqual(SERVERS_OWN);
  });

  it.each([
    ["nothing", ""],
    ["half of it", '{"temperature":0.'],
    ["null", "null"],
    ["a number", "7"],
    ["a list", '["temperature", 1]'],
    ["a temperature that is a text", '{"temperature":"1"}'],
    ["a temperature out of bounds", '{"temperature":2.1}'],
    ["a temperature beyond all numbers", '{"temperature":1e999}'],
    ["half a token", '{"answerTokens":1.5,"thoughtTokens":0.5}'],
    ["no token", '{"answerTokens":0,"thoughtTokens":-1}'],
    ["a domain that is no name", '{"domain":"<b>"}'],
    ["an empty system prompt", '{"systemPrompt":"  "}'],
    ["a system prompt as long as a book", JSON.stringify({ systemPrompt: "x".repeat(LONGEST_SYSTEM_PROMPT + 1) })],
    ["a name of every object's", '{"constructor":1,"__proto__":{"temperature":1}}'],
  ])("count as not changed where %s stands", (_, text) => expect(parseSettings(text)).toEqual(SERVERS_OWN));

  it("keep what is right beside what is wrong", () => {
    expect(parseSettings('{"temperature":9,"answerTokens":5}')).toEqual({ ...SERVERS_OWN, answerTokens: 5 });
  });

  it("are, whatever stands there, settings that the server takes", () => {
    const anything = fc.record(
      Object.fromEntries(
        Object.keys(SERVERS_OWN).map((name) => [name, fc.oneof(fc.double(), fc.integer(), fc.string())]),
      ),
    );
    fc.assert(
      fc.property(anything, (given) => {
        const settings = asOffered(parseSettings(JSON.stringify(given)), { ...EVERYTHING, domains: [] });
        expect(() => parseChatCall({ id: "c1", message: "Why?", ...agentFields(settings, null) })).not.toThrow();
      }),
    );
  });
});

describe("what is sent", () => {
  it("is what was changed, by the names of the API", () => {
    expect(agentFields(ALL, EVERYTHING)).toEqual({
      domain: "business",
      max_thought_tokens: 0,
      temperature: 0.7,
      max_tokens: 200,
      instructions: "Answer in rhymes.",
    });
    expect(agentFields(SERVERS_OWN, null)).toEqual({});
    expect(agentFields(SERVERS_OWN, { ...EVERYTHING, domains: [] })).toEqual({});
    // A conversation would else keep the domain of the answer before.
    expect(agentFields(SERVERS_OWN, EVERYTHING)).toEqual({ domain: "auto" });
    expect(agentFields({ ...SERVERS_OWN, domain: "none" }, EVERYTHING)).toEqual({ domain: "none" });
    expect(completionFields(ALL)).toEqual({ temperature: 0.7, max_tokens: 200 });
    expect(completionFields(SERVERS_OWN)).toEqual({});
  });

  it("is nothing that is not offered", () => {
    const nothing = { domains: ["education"], systemPrompt: false, thoughts: true };
    expect(asOffered(ALL, nothing)).toEqual({ ...ALL, domain: null, systemPrompt: null });
    expect(asOffered(ALL, OFFERED_BY_MODEL)).toEqual({ ...ALL, domain: null, thoughtTokens: null });
    expect(asOffered(ALL, EVERYTHING)).toEqual(ALL);
    expect(asOffered(ALL, null)).toEqual(ALL);
    const none = { ...ALL, domain: "none" };
    expect(asOffered(none, EVERYTHING)).toEqual(none);
    expect(asOffered(none, { ...EVERYTHING, domains: [] })).toEqual({ ...ALL, domain: null });
    expect([ALL, asOffered(ALL, nothing), SERVERS_OWN].map(countChanged)).toEqual([5, 3, 0]);
  });

  it("begins with the system prompt for a model alone", () => {
    expect(messagesFor([], "Why?", "Rhyme.")).toEqual([
      { role: "system", content: "Rhyme." },
      { role: "user", content: "Why?" },
    ]);
    expect(messagesFor([], "Why?", null)).toHaveLength(1);
  });
});

describe("a number that is typed", () => {
  it.each([
    ["", null],
    ["  ", null],
    ["0", 0],
    ["0.", 0],
    ["0,7", 0.7],
    [" 1.25 ", 1.25],
    ["2.01", undefined],
    ["-1", undefined],
    ["1e0", undefined],
    ["0x1", undefined],
    ["one", undefined],
    ["1.2.3", undefined],
  ])("as a temperature: %j", (typed, value) => expect(readNumber(typed, RANGES.temperature)).toBe(value));

  it("is refused with what is allowed", () => {
    expect(readNumber("1.5", RANGES.answerTokens)).toBeUndefined();
    expect(rangeWords(RANGES.answerTokens)).toBe("a whole number from 1 to 100,000");
    expect(rangeWords(RANGES.temperature)).toBe("a number from 0 to 2");
  });
});
