import { afterAll, beforeAll, expect, it } from "vitest";
import type { Runtime } from "../../lib/runtime";
import { temporaryFolder } from "./support";
import { turnRuntime } from "./turn-support";

/** Conversations whose caller sends plain messages back, on real models. */
const folder = temporaryFolder();
let runtime: Runtime;

beforeAll(async () => {
  runtime = await turnRuntime(folder, {}, { response: "small", reasoning: "smallReasoning" });
});
afterAll(() => runtime.close());

const FIRST = "Why is 3/4 + 1/8 not 4/12?";
const SECOND = "And 1/2 + 1/3?";

/** A turn's answer, and what the response model read of its prompt in tokens: anew, and not. */
async function turnOf(message: string, history: { message: string; answer: string }[], instructions?: string) {
  const request = { message, history, instructions, maxTokens: 20, maxThoughtTokens: 12, sampling: { temperature: 0 } };
  let read = { prefilled: 0, reused: 0 };
  for await (const event of runtime.startTurn(request)) {
    if (event.type === "step-end" && event.name === "response") read = event;
    if (event.type === "failed") throw new Error(JSON.stringify(event.error));
    if (event.type === "done") return { answer: event.text, ...read };
  }
  throw new Error("the turn never ended");
}

/** What a next turn reuses of the first one's prompt at least, where that is shown again: all but its last few tokens. */
const shownAgain = (first: { prefilled: number; reused: number }): number => first.prefilled + first.reused - 16;

it("a second turn over plain messages reads nothing of the first one's prompt again", async () => {
  const first = await turnOf(FIRST, []);
  const second = await turnOf(SECOND, [{ message: FIRST, answer: first.answer }]);
  expect(second.reused).toBeGreaterThan(shownAgain(first));
});

it("a conversation with another answer in it gets none of the text that this one was shown", async () => {
  const first = await turnOf(FIRST, [], "Be brief.");
  const other = await turnOf(SECOND, [{ message: FIRST, answer: "It just is." }], "Be brief.");
  expect(other.reused).toBeLessThan(shownAgain(first));
});
