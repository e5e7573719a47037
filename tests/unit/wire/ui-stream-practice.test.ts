import { afterAll, describe, expect, it } from "vitest";

import { parsePracticeQuestion } from "../../../lib/agent";
import { calculator, play, type Script } from "../agent/pipeline/script";
import { messageOf, piecesOf } from "./ui-stream-reader";

const QUESTION = "Question: Which is a square?\nA) 2\nB) 9\nC) 11\nD) 15\nChoose one.";

afterAll(() => calculator.close());

/** The message of a turn of the real agent that answers so. */
async function messageThatSays(script: Script) {
  const { events } = await play(script);
  const heard = events.flatMap((event) => (event.type === "wait" ? [] : [event]));
  const { message, errors } = await messageOf(piecesOf(heard).join(""));
  expect(errors).toEqual([]);
  const textOf = message?.parts.find((part) => part.type === "text")?.text ?? "";
  return { text: textOf, practice: message?.parts.find((part) => part.type === "data-practice")?.data };
}

describe("a practice question at the end of an answer", () => {
  it("is told with its place in the text", async () => {
    const { text, practice } = await messageThatSays({
      answer: ["Let us practise.\n\n", QUESTION.slice(0, 40), QUESTION.slice(40)],
    });
    expect(practice).toEqual(parsePracticeQuestion(text));
    expect(practice).toMatchObject({ kind: "choice", text: "Which is a square?" });
    expect(text.slice(practice?.start, practice?.end)).toBe(QUESTION);
  });

  it.each<[string, Script]>([
    ["there is none", { answer: ["A fraction is a part of a whole."] }],
    ["the answer was cut off: options may be missing", { answer: [QUESTION.slice(0, 42)], finishReason: "length" }],
  ])("is not told when %s", async (_, script) => {
    expect((await messageThatSays(script)).practice).toBeUndefined();
  });
});
