import fc from "fast-check";
import { expect, test } from "vitest";

import type { StepCost, StepId } from "../../../lib/agent";
import { chunksOf, messageOf, piecesOf, type TurnEvent } from "./ui-stream-reader";

/*
 * Any turn whose events are in an order that the agent's contract allows, with any texts: the order of steps and of what
 * happens in them is free.
 */

const anyText = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("\n\ndata: [DONE]\n\n", "\u2028", "\ud800"));
const error = fc.record({
  code: fc.constantFrom("engine_crashed" as const, "tool_failed" as const),
  message: anyText,
  fields: fc.dictionary(anyText, fc.jsonValue()),
});
const cost: fc.Arbitrary<StepCost> = fc.record({
  model: fc.constantFrom(null, "a", "b"),
  swapped_out: fc.subarray(["a", "b"]),
  duration_ms: fc.nat(),
  prefill_ms: fc.nat(),
  decode_ms: fc.nat(),
  prefilled: fc.nat(),
  reused: fc.nat(),
  generated: fc.nat(),
  memory_bytes: fc.option(fc.nat()),
});

const toolUse = fc
  .record({ call: fc.constantFrom("x-1", "x-2"), input: fc.jsonValue(), text: anyText, error, how: fc.nat(3) })
  .map(({ call, input, text, error, how }): TurnEvent[] => {
    const told: TurnEvent = { type: "tool-call", call, tool: "x", input };
    const failed: TurnEvent = { type: "tool-failed", call, tool: "x", error };
    const endings: TurnEvent[][] = [
      [told, { type: "tool-result", call, tool: "x", text, display: null }],
      [told, failed],
      [failed],
      [told],
    ];
    return endings[how] ?? [];
  });
const inStep: fc.Arbitrary<TurnEvent[]> = fc.oneof(
  toolUse,
  anyText.map((text): TurnEvent[] => [{ type: "text", text }]),
  anyText.map((text): TurnEvent[] => [{ type: "thought", kind: "response", text }]),
  fc.nat().map((evaluated): TurnEvent[] => [{ type: "prefill", evaluated, total: evaluated }]),
  anyText.map((reason): TurnEvent[] => [
    {
      type: "decision",
      decision: { id: "chart", answer: "no", probability: null, source: "rule", reason, switches: [] },
    },
  ]),
  anyText.map((model): TurnEvent[] => [
    {
      type: "wait",
      role: "response",
      wait: { type: "queued", position: 1, waitingFor: { reason: "turn", models: [model] }, estimateMs: null },
    },
  ]),
);
const step = fc.record({ inside: fc.array(inStep, { maxLength: 6 }), cost, error: fc.option(error) });
const final: fc.Arbitrary<TurnEvent[]> = fc.oneof(
  fc
    .constantFrom("stop" as const, "length" as const, "aborted" as const)
    .map((finishReason): TurnEvent[] => [
      { type: "done", finishReason, text: "", sent: "", switches: [], decisions: [], omittedTurns: 0 },
    ]),
  error.map((error): TurnEvent[] => [{ type: "failed", error, text: "" }]),
  fc.constant<TurnEvent[]>([]),
);
const turn = fc.tuple(fc.array(step, { maxLength: 5 }), final).map(([steps, last]): TurnEvent[] => [
  ...steps.flatMap(({ inside, cost, error }, index): TurnEvent[] => {
    const id: StepId = { step: index + 1, name: "response", detail: null, role: "response" };
    const outcome = error === null ? "done" : "failed";
    return [{ type: "step-start", ...id }, ...inside.flat(), { type: "step-end", outcome, error, ...id, ...cost }];
  }),
  ...last,
]);

test("the AI SDK reads any turn, cut anywhere, without a complaint, and has no part left open", async () => {
  await fc.assert(
    fc.asyncProperty(turn, fc.double({ min: 0, max: 1, noNaN: true }), async (events, share) => {
      const cut = events.slice(0, Math.ceil(events.length * share));
      const text = piecesOf(cut, { outcome: "interrupted" }).join("");
      const told = (await chunksOf(text)).flatMap((chunk) => (chunk.type === "error" ? [chunk.errorText] : []));
      const { message, errors } = await messageOf(text);
      expect(errors).toEqual(told.map((errorText) => String(new Error(errorText))));
      for (const part of message?.parts ?? [])
        if ("state" in part) expect(part.state).toMatch(/^(done|output-available|output-error)$/);
    }),
    { numRuns: 200 },
  );
});

test("a reader that names any event gets exactly what followed it", () => {
  fc.assert(
    fc.property(turn, (events) => {
      const whole = piecesOf(events).join("");
      const again = piecesOf(events);
      for (let seen = 0; seen <= events.length; seen += 1) {
        const named = new RegExp(`(?:^|\n\n)id: ${seen}\n[^\n]*\n\n`).exec(whole);
        expect(named).not.toBeNull();
        const suffix = whole.slice((named?.index ?? 0) + (named?.[0].length ?? 0));
        expect(again.slice(seen + 1).join("")).toBe(suffix);
      }
    }),
    { numRuns: 200 },
  );
});
