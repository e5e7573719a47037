import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { libraryNamed } from "../../../../lib/agent/prompts";
import { estimateTokens, TRANSCRIPT_BUDGETS } from "../../../../lib/agent/prompts/budgets";
import { clipEnd, clipMiddle } from "../../../../lib/agent/prompts/clip";
import { transcriptOf } from "../../../../lib/agent/prompts/transcript";
import { conversation, turnOf } from "./helpers";

const tutor = libraryNamed("tutor");
const FORMS = ["full", "compact"] as const;
const anything = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ maxLength: 9000 }),
  fc.constant("word ".repeat(1e4)),
);

describe("what the reasoning model sees of a conversation", () => {
  it("is who said what, the newest message last", () => {
    expect(transcriptOf(tutor, "full", turnOf("And?", conversation(1)), { withHistory: true })).toBe(
      "Student: What is topic 0?\nTutor: Topic 0 is easy to explain.\nStudent: And?",
    );
    expect(transcriptOf(tutor, "full", turnOf("And?", conversation(9)), { withHistory: false })).toBe("Student: And?");
  });

  it.each(FORMS)("begins anew with the last two turns, after growing for several, in the %s form", (form) => {
    const shownAt = (turns: number) =>
      transcriptOf(tutor, form, turnOf(all[turns]?.message ?? "", all.slice(0, turns)), { withHistory: true });
    const all = conversation(120);
    const seen: number[] = [];
    for (let turns = 1; turns < 120; turns += 1) {
      seen.push(shownAt(turns).split("Tutor:").length - 1);
      const grows = shownAt(turns).startsWith(shownAt(turns - 1));
      expect(grows).toBe(seen.at(-1) === (seen.at(-2) ?? 0) + 1);
      if (!grows) expect(seen.at(-1)).toBe(2);
    }
    const anew = seen.filter((turns, index) => turns === 2 && index > 1).length;
    expect(anew).toBeGreaterThan(1);
    expect(anew).toBeLessThanOrEqual(form === "full" ? 4 : 10);
  });

  it.each([
    ["full", 1],
    ["compact", 3],
  ] as const)("holds no more long turns than its budget allows in the %s form: %d", (form, seen) => {
    const history = Array.from({ length: 5 }, () => ({ message: "word ".repeat(900), answer: "word ".repeat(900) }));
    const text = transcriptOf(tutor, form, turnOf("And?", history), { withHistory: true });
    expect(text.split("Tutor:").length - 1).toBe(seen);
  });

  it.each(FORMS)("is never longer than its budget in the %s form, and ends with the newest message's end", (form) => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ message: anything, answer: anything }), { maxLength: 8 }),
        anything,
        (history, message) => {
          const text = transcriptOf(tutor, form, turnOf(message, history), { withHistory: true });
          const budget = TRANSCRIPT_BUDGETS.message[form] + TRANSCRIPT_BUDGETS.history[form] + 5;
          expect(estimateTokens(text)).toBeLessThanOrEqual(budget);
          expect(text.endsWith(message.trim().slice(-10).trimStart())).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("a text that is cut", () => {
  it("keeps its beginning and its end", () => {
    const cut = clipMiddle(`first ${"word ".repeat(1000)} last?`, 60);
    expect(cut).toMatch(/^first word.* … .*last\?$/);
    expect(clipMiddle("short", 60)).toBe("short");
  });

  it.each([0, 1, 5, 6, 7, 20])("is never half a character, at %d tokens", (tokens) => {
    const text = "👩‍🏫🎉".repeat(50);
    expect(clipEnd(text, tokens)).not.toMatch(/\p{Cs}/u);
    expect(clipMiddle(text, tokens)).not.toMatch(/\p{Cs}/u);
  });
});
