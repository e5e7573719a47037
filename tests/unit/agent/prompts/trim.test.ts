import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildResponsePrompt, initialState, libraryNamed, withSwitches } from "../../../../lib/agent/prompts";
import type { ChatMessage } from "../../../../lib/engine";
import { characters, conversation, render, turnOf } from "./helpers";

const tutor = libraryNamed("tutor");
const state = withSwitches(initialState(), "GENERAL_FORMATTING", "LATEX_FORMATTING");

interface Case {
  history: { message: string; answer: string }[];
  message: string;
  notes: string;
  contextSize: number;
}

const words = fc.string({ maxLength: 120, unit: "grapheme" });
const cases: fc.Arbitrary<Case> = fc.record({
  history: fc.array(fc.record({ message: words, answer: words }), { maxLength: 40 }),
  message: fc.string({ minLength: 1, maxLength: 200 }),
  notes: fc.string({ maxLength: 200 }),
  contextSize: fc.integer({ min: 16, max: 4000 }),
});

async function trimmed({ history, message, notes, contextSize }: Case) {
  let calls = 0;
  const countTokens = (messages: ChatMessage[]) => {
    calls += 1;
    return characters(messages);
  };
  const thinking = notes === "" ? [] : [{ kind: "math" as const, text: notes }];
  const parts = { state, turn: turnOf(message, history), toolResults: [], thinking };
  const prompt = await buildResponsePrompt(tutor, "compact", parts, { contextSize, countTokens });
  const room = contextSize - Math.min(512, Math.floor(contextSize / 4));
  const bare = { ...parts, turn: turnOf(message), thinking: [] };
  const least = await buildResponsePrompt(tutor, "compact", bare, { contextSize: 1e6, countTokens: characters });
  return { ...prompt, calls, room, tokens: await characters(prompt.messages), least: await characters(least.messages) };
}

describe("a conversation too long for the context", () => {
  it("always keeps the newest message and the instructions, and fits if these do", () =>
    fc.assert(
      fc.asyncProperty(cases, async (given) => {
        const { messages, tokens, room, least } = await trimmed(given);
        expect(messages.at(-1)?.content.endsWith(given.message)).toBe(true);
        expect(messages[0]?.role).toBe("system");
        if (least <= room) expect(tokens).toBeLessThanOrEqual(room);
      }),
    ));

  it("loses whole turns, from the oldest, and as many as it says", () =>
    fc.assert(
      fc.asyncProperty(cases, async (given) => {
        const { messages, omitted } = await trimmed(given);
        const kept = given.history.slice(omitted.turns).flatMap(({ message, answer }) => [message, answer]);
        expect(messages.slice(1, -1).map(({ content }) => content)).toEqual(kept);
      }),
    ));

  it("loses its notes only with all of its history, and nothing where everything fits", () =>
    fc.assert(
      fc.asyncProperty(cases, async (given) => {
        const { omitted } = await trimmed(given);
        if (omitted.thinking) expect(omitted.turns).toBe(given.history.length);
        const roomy = await trimmed({ ...given, contextSize: 1e6 });
        expect(roomy.omitted).toEqual({ turns: 0, thinking: false });
        expect(roomy.calls).toBe(1);
      }),
    ));

  it("is counted a few times only", () =>
    fc.assert(
      fc.asyncProperty(cases, async (given) => {
        const { calls } = await trimmed(given);
        expect(calls).toBeLessThanOrEqual(Math.ceil(Math.log2(given.history.length + 1)) + 3);
      }),
    ));

  it("keeps more than half of the turns that fit", () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 400, max: 4000 }),
        async (turns, contextSize) => {
          const history = conversation(turns);
          const { omitted, least, room } = await trimmed({ history, message: "And?", notes: "", contextSize });
          fc.pre(least <= room);
          let couldStay = 0;
          let size = least;
          for (const { message, answer } of history.toReversed()) {
            size += message.length + answer.length;
            if (size > room) break;
            couldStay += 1;
          }
          expect(turns - omitted.turns).toBeGreaterThanOrEqual(couldStay / 2);
        },
      ),
    ));

  it("begins with the same history for several turns, so that the model goes on from there", async () => {
    const all = conversation(64);
    let changes = 0;
    let before: string | null = null;
    for (let turns = 20; turns < 64; turns += 1) {
      const given = { history: all.slice(0, turns), message: "And?", notes: "", contextSize: 1000 };
      const { messages, omitted } = await trimmed(given);
      expect(omitted.turns).toBeGreaterThan(0);
      const shown = render(messages.slice(0, -1)).slice(0, -"<assistant>".length);
      if (before !== null && !shown.startsWith(before)) changes += 1;
      before = shown;
    }
    expect(changes).toBeLessThanOrEqual(44 / 4);
  });
});
