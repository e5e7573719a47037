import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Runtime } from "../../lib/runtime";
import { temporaryFolder } from "./support";
import { turnRuntime } from "./turn-support";

/** Whole turns on real models, which speak nonsense: what is looked at is that every step happens, and what it costs. */
const folder = temporaryFolder();
let runtime: Runtime;

beforeAll(async () => {
  runtime = await turnRuntime(folder, {}, { response: "small", reasoning: "smallReasoning" });
});
afterAll(() => runtime.close());

async function turnOf(message: string, history: { message: string; answer: string; sent?: string }[] = []) {
  const request = { message, history, maxTokens: 20, maxThoughtTokens: 12, sampling: { temperature: 0 } };
  const events = [];
  for await (const event of runtime.startTurn(request, { run: `run of ${message}` })) events.push(event);
  const steps = events.flatMap((event) => (event.type === "step-end" ? [event] : []));
  const last = events.at(-1);
  if (last?.type !== "done") throw new Error(JSON.stringify(last));
  return { events, steps, done: last };
}

describe("a turn on real models", () => {
  it("decides, calculates, thinks and answers; the second turn evaluates little but what is new", async () => {
    const first = await turnOf("Why is 3/4 + 1/8 not 4/12?");
    expect(first.steps.every(({ outcome }) => outcome === "done")).toBe(true);
    expect(first.steps.filter(({ name }) => name === "decision").length).toBeGreaterThan(2);
    expect(first.steps.at(-1)).toMatchObject({ name: "response", role: "response", memory_bytes: expect.any(Number) });
    expect(first.events.some((event) => event.type === "tool-result" && event.tool === "calculator")).toBe(true);
    // All questions share what comes before them: after the first, each costs its own few tokens.
    const decisions = first.steps.filter(({ name }) => name === "decision");
    const prefilled = decisions.slice(1).map((step) => step.prefilled);
    expect(Math.max(...prefilled)).toBeLessThanOrEqual(16);

    const { text: answer, sent } = first.done;
    const second = await turnOf("And 1/2 + 1/3?", [{ message: "Why is 3/4 + 1/8 not 4/12?", answer, sent }]);
    const response = second.steps.find(({ name }) => name === "response");
    expect(response?.reused).toBeGreaterThan(first.steps.at(-1)?.reused ?? 0);
    const steps = runtime.memoryLog({ run: "run of And 1/2 + 1/3?" });
    expect(steps.length).toBeGreaterThan(0);
  });

  it("of eight conversations at once are each answered, none mixed up", async () => {
    const turns = await Promise.all(
      Array.from({ length: 8 }, (_, index) => turnOf(`What is ${index} + ${index + 10}?`)),
    );
    for (const [index, { events }] of turns.entries()) {
      const result = events.find((event) => event.type === "tool-result");
      expect(result).toMatchObject({ tool: "calculator", text: expect.stringContaining(String(2 * index + 10)) });
    }
  });

  it("by an agent that nobody wrote is refused, with the names there are", async () => {
    await expect(turnRuntime(folder, { MEMWELL_AGENT: "nobody" })).rejects.toMatchObject({
      code: "invalid_setting",
      message: expect.stringContaining("tutor"),
    });
  });
});
