import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Runtime } from "../../lib/runtime";
import { EngineProcess, temporaryFolder, until } from "./support";
import { CHART, hearTurn, MATHEMATICS, momentOf, onceAt, turnRuntime, unloadAll, type HeardTurn } from "./turn-support";

/** More than a stream has written when its first text is heard. In tokens. */
const LONG = 1200;

const folder = temporaryFolder();
const { generate } = EngineProcess.prototype;
/** Calls through; it knows the engines there are. */
const generated = vi.spyOn(EngineProcess.prototype, "generate");
const engines = (): EngineProcess[] => [...new Set(generated.mock.contexts)] as EngineProcess[];
const requestsUnderWay = (): number => engines().reduce((sum, { activeRequests }) => sum + activeRequests, 0);

let runtime: Runtime;
beforeAll(async () => {
  runtime = await turnRuntime(folder);
  // Of these turns, so that both models are loaded and each step is known to happen.
  await hearTurn(runtime, { message: MATHEMATICS });
  await hearTurn(runtime, { message: CHART });
});
afterAll(() => runtime.close());

async function stopAt(moment: string, message: string): Promise<HeardTurn> {
  const abort = new AbortController();
  const once = onceAt(moment, () => abort.abort());
  const turn = await hearTurn(runtime, { message, maxTokens: LONG }, { signal: abort.signal, on: once.on });
  expect(once.happened, `"${moment}" in ${turn.events.map(momentOf).join(", ")}`).toBe(true);
  return turn;
}

/** Nothing is left of the turn before: every generation was read to its end or left, and each model answers. */
async function expectNothingLeft(message: string): Promise<void> {
  // Reading on from a stream that is still open would bring its next event.
  for (const { value } of generated.mock.results)
    expect(await (value as AsyncGenerator).next()).toEqual({ done: true, value: undefined });
  await until(() => requestsUnderWay() === 0);
  const next = await hearTurn(runtime, { message });
  expect(next.last.type).toBe("done");
  expect(next.steps.every((step) => step.endsWith(" done"))).toBe(true);
}

describe("a turn that is stopped", () => {
  it.each([
    ["start rules", MATHEMATICS, "slot reasoning aborted"],
    ["end rules", MATHEMATICS, "slot reasoning aborted"],
    ["start slot reasoning", MATHEMATICS, "slot reasoning aborted"],
    ["end slot reasoning", MATHEMATICS, "decision chart aborted"],
    ["start decision chart", MATHEMATICS, "decision chart aborted"],
    ["start decision practice", MATHEMATICS, "decision practice aborted"],
    ["start decision clarity", MATHEMATICS, "decision clarity aborted"],
    ["start decision teaching", MATHEMATICS, "decision teaching aborted"],
    ["start tool calculator", MATHEMATICS, "tool calculator aborted"],
    ["tool-call", MATHEMATICS, "tool calculator aborted"],
    ["start tool create_graph", CHART, "tool create_graph aborted"],
    ["start thinking math", MATHEMATICS, "thinking math aborted"],
    ["start thinking reasoning", CHART, "thinking reasoning aborted"],
    ["start slot response", MATHEMATICS, "slot response aborted"],
    ["start response", MATHEMATICS, "response aborted"],
  ])("at %j of %j ends there, and the next one is whole", async (moment, message, lastStep) => {
    const { last, steps, text } = await stopAt(moment, message);
    expect(last).toMatchObject({ type: "failed", error: { code: "aborted" } });
    expect(steps.at(-1)).toBe(lastStep);
    expect(text).toBe("");
    await expectNothingLeft(message);
  });

  it("before it begins says so, and loads nothing", async () => {
    const turn = await hearTurn(runtime, {}, { signal: AbortSignal.abort() });
    expect(turn.last).toMatchObject({ type: "failed", error: { code: "aborted" } });
    expect(turn.steps).toEqual(["rules done", "slot reasoning aborted"]);
    await expectNothingLeft(MATHEMATICS);
  });

  it("between the slot of the response model and its first call ends there", async () => {
    const { last, steps } = await stopAt("end slot response", MATHEMATICS);
    expect(last).toMatchObject({ type: "failed", error: { code: "aborted" } });
    // Asking how long the prompt is belongs to the answer's step.
    expect(steps.slice(-2)).toEqual(["slot response done", "response aborted"]);
    await expectNothingLeft(MATHEMATICS);
  });

  it("in the middle of its notes ends the generation, and nobody answers", async () => {
    const abort = new AbortController();
    const { on } = onceAt("thought", () => abort.abort());
    const turn = await hearTurn(runtime, { maxThoughtTokens: LONG }, { signal: abort.signal, on });
    expect(turn.last).toMatchObject({ type: "failed", error: { code: "aborted" }, text: "" });
    expect(turn.steps.at(-1)).toBe("thinking math aborted");
    expect(requestsUnderWay()).toBe(0);
    await expectNothingLeft(MATHEMATICS);
  });

  it("in the middle of its answer keeps what was said, and the model writes no further", async () => {
    const { last, ends, text } = await stopAt("text", MATHEMATICS);
    expect(last).toMatchObject({ type: "done", finishReason: "aborted", text });
    expect(text).not.toBe("");
    const response = ends.at(-1);
    expect(response).toMatchObject({ name: "response", generated: expect.any(Number) });
    expect(response?.generated).toBeGreaterThan(0);
    expect(response?.generated).toBeLessThan(LONG);
    expect(requestsUnderWay()).toBe(0);
    await expectNothingLeft(MATHEMATICS);
  });

  it("while its model writes a chart's arguments ends there, and the model writes no further", async () => {
    const writtenIn = ({ ends }: HeardTurn) => ends.find(({ detail }) => detail === "create_graph")?.generated ?? NaN;
    const whole = await hearTurn(runtime, { message: CHART });
    const abort = new AbortController();
    // The step says nothing while the model writes.
    generated.mockImplementationOnce(function (this: EngineProcess, ...given) {
      setImmediate(() => abort.abort());
      return generate.apply(this, given);
    });
    const turn = await hearTurn(runtime, { message: CHART }, { signal: abort.signal });
    expect(turn.steps.at(-1)).toBe("tool create_graph aborted");
    expect(turn.last).toMatchObject({ type: "failed", error: { code: "aborted" } });
    expect(writtenIn(turn)).toBeLessThan(writtenIn(whole));
    expect(requestsUnderWay()).toBe(0);
    await expectNothingLeft(CHART);
  });
});

describe("a turn whose reader leaves", () => {
  it.each([
    ["start rules", MATHEMATICS],
    ["start slot reasoning", MATHEMATICS],
    ["end slot reasoning", MATHEMATICS],
    ["start decision clarity", MATHEMATICS],
    ["decision", MATHEMATICS],
    ["tool-call", MATHEMATICS],
    ["start tool create_graph", CHART],
    ["thought", MATHEMATICS],
    ["end thinking math", MATHEMATICS],
    ["start slot response", MATHEMATICS],
    ["end slot response", MATHEMATICS],
    ["start response", MATHEMATICS],
    ["text", MATHEMATICS],
    ["end response", MATHEMATICS],
  ])("at %j of %j leaves nothing behind", async (moment, message) => {
    const request = { message, history: [], maxTokens: LONG, maxThoughtTokens: LONG };
    const seen: string[] = [];
    for await (const event of runtime.startTurn(request)) {
      seen.push(momentOf(event));
      if (momentOf(event) === moment) break;
    }
    expect(seen.at(-1)).toBe(moment);
    await expectNothingLeft(message);
  });
});

describe("after all of these", () => {
  it("no slot is held: both models leave as soon as they are told to", async () => {
    await unloadAll(runtime);
    expect(runtime.models().map(({ state }) => state)).toEqual(["stopped", "stopped"]);
    expect(runtime.queue().length).toBe(0);
  });

  it("a turn that is stopped while its model loads ends there, and the load is there for the next one", async () => {
    const { last, steps } = await stopAt("wait", MATHEMATICS);
    expect(last).toMatchObject({ type: "failed", error: { code: "aborted" } });
    expect(steps).toEqual(["rules done", "slot reasoning aborted"]);
    await expectNothingLeft(MATHEMATICS);
    await unloadAll(runtime);
  });

  it("a turn that is under way when everything closes ends with the reason", async () => {
    const once = onceAt("thought", () => void runtime.close());
    const turn = await hearTurn(runtime, { maxThoughtTokens: LONG }, { on: once.on });
    expect(turn.last).toMatchObject({ type: "failed", error: { code: "engine_closed" } });
    const late = await hearTurn(runtime, {});
    expect(late.last).toMatchObject({ type: "failed", error: { code: "engine_closed" } });
  });
});
