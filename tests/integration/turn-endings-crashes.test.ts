import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AgentRole } from "../../lib/agent";
import type { Runtime } from "../../lib/runtime";
import { temporaryFolder } from "./support";
import {
  CHART,
  hearTurn,
  killModel,
  MATHEMATICS,
  momentOf,
  onceAt,
  turnRuntime,
  unloadAll,
  type HeardTurn,
} from "./turn-support";

const folder = temporaryFolder();
let runtime: Runtime;
beforeAll(async () => {
  runtime = await turnRuntime(folder);
});
afterAll(() => runtime.close());

// Each test kills a process, so that before the next one both models are loaded anew, and its turn after is a whole one.
beforeEach(() => Promise.all(runtime.models().map(({ id }) => runtime.load(id))));
afterEach(async () => {
  const next = await hearTurn(runtime, { message: CHART });
  expect(next.last.type).toBe("done");
  expect(next.steps.every((step) => step.endsWith(" done"))).toBe(true);
});

type Kill = { role: AgentRole; moment: string; message?: string; isNoticed?: boolean; maxTokens?: number };

/** A turn during which the process of one model is killed; `isNoticed`: the turn goes on when Memwell has seen it. */
async function turnWith({
  role,
  moment,
  message = MATHEMATICS,
  isNoticed = true,
  maxTokens = 20,
}: Kill): Promise<HeardTurn> {
  const once = onceAt(moment, () => killModel(runtime, role, { isNoticed }));
  const turn = await hearTurn(runtime, { message, maxTokens }, { on: once.on });
  expect(once.happened, `"${moment}" in ${turn.events.map(momentOf).join(", ")}`).toBe(true);
  return turn;
}

const failedOf = ({ ends }: HeardTurn) => ends.filter(({ outcome }) => outcome !== "done");

/** The rules have decided what was still open, every question once, and the response model has answered. */
function expectAnsweredByRule(turn: HeardTurn): void {
  expect(turn.last).toMatchObject({ type: "done" });
  const decided = turn.events.flatMap((event) => (event.type === "decision" ? [event.decision.id] : []));
  expect([...decided].sort()).toEqual(["chart", "clarity", "followup", "practice", "teaching"]);
  expect(turn.steps.slice(-2)).toEqual(["slot response done", "response done"]);
}

describe("the reasoning model's process dies", () => {
  it.each([
    ["start decision teaching", "decision teaching"],
    ["start tool calculator", "thinking math"],
    ["start thinking math", "thinking math"],
  ])(
    "at %j: that fails, the rules decide the rest, nothing is thought about, and the turn is answered",
    async (moment, step) => {
      const turn = await turnWith({ role: "reasoning", moment });
      const [failed, ...others] = failedOf(turn);
      expect(others).toEqual([]);
      expect(failed).toMatchObject({ outcome: "failed", error: { code: "engine_crashed" } });
      expect(`${failed?.name} ${failed?.detail}`).toBe(step);
      expectAnsweredByRule(turn);
      expect(turn.steps.filter((ended) => ended.startsWith("thinking ") && ended.endsWith(" done"))).toEqual([]);
      // Arithmetic needs no model.
      const results = turn.events.filter((event) => event.type === "tool-result");
      expect(results).toMatchObject([{ tool: "calculator", text: expect.stringContaining("7/8") }]);
    },
  );

  it.each(["start rules", "start slot reasoning"])(
    "at %j: it is loaded anew, and the turn is whole",
    async (moment) => {
      const turn = await turnWith({ role: "reasoning", moment });
      expect(failedOf(turn)).toEqual([]);
      expect(turn.events.some((event) => event.type === "wait" && event.wait.type === "loading")).toBe(true);
      expectAnsweredByRule(turn);
      expect(turn.steps).toContain("thinking math done");
    },
  );

  it.each([true, false])("between its slot and its first call (noticed: %j): the rules decide", async (isNoticed) => {
    const turn = await turnWith({ role: "reasoning", moment: "end slot reasoning", isNoticed });
    expect(failedOf(turn)).toMatchObject([{ name: "decision", detail: "chart", error: { code: "engine_crashed" } }]);
    expectAnsweredByRule(turn);
  });

  it("while it writes the arguments of a chart: the turn is answered without one", async () => {
    const turn = await turnWith({
      role: "reasoning",
      moment: "start tool create_graph",
      message: CHART,
      isNoticed: false,
    });
    expect(failedOf(turn)).toMatchObject([{ name: "tool", detail: "create_graph", error: { code: "engine_crashed" } }]);
    expectAnsweredByRule(turn);
    // The sum came before it, and is not worked out again.
    expect(turn.steps.filter((step) => step.startsWith("tool "))).toEqual([
      "tool calculator done",
      "tool create_graph failed",
    ]);
  });

  it("in the middle of its notes: they are not used, and the turn is answered", async () => {
    const once = onceAt("thought", () => killModel(runtime, "reasoning", { isNoticed: false }));
    const turn = await hearTurn(runtime, { maxThoughtTokens: 1200 }, { on: once.on });
    expect(failedOf(turn)).toMatchObject([{ name: "thinking", error: { code: "engine_crashed" } }]);
    expectAnsweredByRule(turn);
    expect(turn.last).toMatchObject({ sent: expect.not.stringContaining("Notes for you") });
  });

  it.each(["start slot response", "text"])("at %j, when it has done its part: nobody sees it", async (moment) => {
    const turn = await turnWith({ role: "reasoning", moment });
    expect(failedOf(turn)).toEqual([]);
    expectAnsweredByRule(turn);
  });
});

describe("the response model's process dies", () => {
  it.each(["start rules", "start decision practice", "thought", "start slot response"])(
    "at %j, before its slot is taken: it is loaded anew, and the turn is whole",
    async (moment) => {
      const turn = await turnWith({ role: "response", moment });
      expect(failedOf(turn)).toEqual([]);
      expectAnsweredByRule(turn);
      expect(turn.steps).toContain("thinking math done");
    },
  );

  it.each([true, false])("between its slot and its first call (noticed: %j): the turn fails", async (isNoticed) => {
    const turn = await turnWith({ role: "response", moment: "end slot response", isNoticed });
    expect(turn.last).toMatchObject({ type: "failed", error: { code: "engine_crashed" }, text: "" });
  });

  it('at "start response": the turn fails and says so', async () => {
    const turn = await turnWith({ role: "response", moment: "start response", isNoticed: false });
    expect(turn.last).toMatchObject({ type: "failed", error: { code: "engine_crashed" }, text: "" });
    expect(turn.steps.at(-1)).toBe("response failed");
  });

  it("in the middle of its answer: the turn fails with what was said", async () => {
    const turn = await turnWith({ role: "response", moment: "text", isNoticed: false, maxTokens: 1200 });
    expect(turn.last).toMatchObject({ type: "failed", error: { code: "engine_crashed" }, text: turn.text });
    expect(turn.text).not.toBe("");
    expect(turn.steps.at(-1)).toBe("response failed");
  });
});

describe("both processes die", () => {
  it("in the middle of the notes: the rules decide, and the response model is loaded anew", async () => {
    const once = onceAt("thought", async () => {
      await killModel(runtime, "response", { isNoticed: true });
      await killModel(runtime, "reasoning", { isNoticed: false });
    });
    const turn = await hearTurn(runtime, {}, { on: once.on });
    expect(failedOf(turn)).toMatchObject([{ name: "thinking", error: { code: "engine_crashed" } }]);
    expectAnsweredByRule(turn);
  });
});

describe("after all of these", () => {
  it("no slot is held: both models leave as soon as they are told to", async () => {
    await unloadAll(runtime);
    expect(runtime.models().map(({ state }) => state)).toEqual(["stopped", "stopped"]);
  });
});
