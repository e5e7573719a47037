import { describe, expect, it } from "vitest";
import type { AgentEvent } from "../../../lib/agent";
import { measureRun, TurnMeter } from "../../../lib/analytics";
import type { EndedRun } from "../../../lib/store";
import { EVERYTHING, play } from "../agent/pipeline/script";
import { stepEnd } from "./figures";

const measured = (events: readonly AgentEvent<unknown>[]) => {
  const meter = new TurnMeter();
  for (const event of events) meter.see(event);
  return meter.figures();
};

const TURN: AgentEvent<unknown>[] = [
  stepEnd({ step: 1, name: "rules", duration_ms: 2 }),
  stepEnd({ step: 2, name: "slot", detail: "reasoning", model: "thinker", duration_ms: 500 }),
  stepEnd({ step: 3, name: "decision", model: "thinker", duration_ms: 30, prefilled: 9, reused: 90, prefill_ms: 20 }),
  {
    type: "decision",
    decision: { id: "chart", answer: "no", probability: 0.9, source: "model", reason: null, switches: [] },
  },
  stepEnd({ step: 4, name: "decision", model: "thinker", duration_ms: 40, prefilled: 8, reused: 99, prefill_ms: 25 }),
  stepEnd({ step: 5, name: "slot", detail: "response", model: "talker", duration_ms: 700, swapped_out: ["thinker"] }),
  stepEnd({
    step: 6,
    name: "response",
    model: "talker",
    duration_ms: 1_000,
    prefilled: 50,
    prefill_ms: 150,
    decode_ms: 800,
    generated: 16,
  }),
  {
    type: "done",
    finishReason: "stop",
    text: "",
    sent: "",
    switches: ["GENERAL_FORMATTING"],
    decisions: [],
    omittedTurns: 0,
  },
];

describe("the figures of a turn", () => {
  it("are sums of its steps", () => {
    expect(measured(TURN)).toEqual({
      outcome: "done",
      errorCode: null,
      model: "talker",
      waitMs: 1_200,
      stepMs: { rules: 2, decision: 70, response: 1_000 },
      // 2 + 500 + 30 + 40 + 700 in front of the answer, and 1,000 - 800 of it until it began to be written.
      firstTokenMs: 1_472,
      answerTokens: 16,
      answerMs: 800,
      swaps: 1,
      decisions: [{ id: "chart", answer: "no", source: "model" }],
      segments: ["GENERAL_FORMATTING"],
      models: [
        { model: "thinker", steps: 2, prefilled: 17, reused: 189, generated: 0, prefillMs: 45, decodeMs: 0 },
        { model: "talker", steps: 1, prefilled: 50, reused: 0, generated: 16, prefillMs: 150, decodeMs: 800 },
      ],
    });
  });

  it("of one that was stopped before its answer have no answer, and say nothing of segments", () => {
    const error = { code: "aborted" as const, message: "", fields: {} };
    expect(measured([...TURN.slice(0, 3), { type: "failed", error, text: "" }])).toMatchObject({
      outcome: "stopped",
      model: null,
      firstTokenMs: null,
      answerTokens: null,
      segments: null,
      waitMs: 500,
    });
  });

  it("of an answer without a token have no first token", () => {
    const events = TURN.map((event) =>
      event.type === "step-end" && event.name === "response" ? { ...event, generated: 0 } : event,
    );
    expect(measured(events)).toMatchObject({ firstTokenMs: null, answerTokens: 0 });
  });

  it("of a real turn are what its own steps say", async () => {
    const { events } = await play({ ...EVERYTHING, swaps: true }, { message: "What is 2 + 2? Draw a chart." });
    const steps = events.flatMap((event) => (event.type === "step-end" ? [event] : []));
    const sum = (name: string) =>
      steps.filter((step) => step.name === name).reduce((total, step) => total + step.duration_ms, 0);
    const done = events.find((event) => event.type === "done");
    const found = measured(events);
    expect(found.waitMs).toBeCloseTo(sum("slot"), 6);
    for (const name of ["rules", "decision", "tool", "thinking", "response"] as const)
      expect(found.stepMs[name] ?? 0).toBeCloseTo(sum(name), 6);
    expect(found.swaps).toBe(1);
    expect(found.segments).toEqual(done?.switches);
    expect(found.decisions).toHaveLength(events.filter(({ type }) => type === "decision").length);
    expect(found.models.map(({ steps: count }) => count).reduce((a, b) => a + b)).toBe(
      steps.filter(({ model, name }) => model !== null && name !== "slot").length,
    );
  });
});

describe("the figures of a run", () => {
  const run = (changes: Partial<EndedRun> = {}): EndedRun => ({
    id: "run-1",
    session: "session-1",
    conversation: "chat-1",
    message: "answer-1",
    beganAt: 1_000,
    finishedAt: 4_000,
    outcome: "done",
    errorCode: null,
    events: TURN,
    extra: null,
    loadMs: 300,
    ...changes,
  });

  it("do not tell the session, and tell two of them apart", () => {
    const [one, again, other] = [run(), run({ id: "run-2" }), run({ session: "session-2" })].map(measureRun);
    expect(JSON.stringify(one)).not.toContain("session-1");
    expect(one?.visitor).toBe(again?.visitor);
    expect(one?.visitor).not.toBe(other?.visitor);
  });

  it("are the same from what was kept with the answer, once its events were trimmed", () => {
    const { switches, decisions } = {
      switches: ["GENERAL_FORMATTING"],
      decisions: TURN.flatMap((event) => (event.type === "decision" ? [{ ...event.decision, step: 3 }] : [])),
    };
    const steps = TURN.flatMap((event) => (event.type === "step-end" ? [event] : []));
    const extra = { steps, decisions, switches, finish_reason: "stop" };
    expect(measureRun(run({ events: [], extra }))).toEqual(measureRun(run()));
  });

  it("of one that was interrupted have no end: nobody saw it", () => {
    const found = measureRun(run({ outcome: "interrupted", events: TURN.slice(0, 4), finishedAt: 9e9 }));
    expect(found).toMatchObject({ durationMs: null, waitMs: 500, segments: null, outcome: "interrupted" });
  });

  it.each([null, 7, "text", { steps: 3 }, { steps: [null] }, { decisions: {} }])(
    "of anything at all (%j) never throw",
    (extra) => {
      expect(measureRun(run({ events: [], extra })).run).toBe("run-1");
      expect(measureRun(run({ events: [extra], extra: null })).run).toBe("run-1");
    },
  );
});
