import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";

import { contextUse } from "../../../app/_chat/context-use";
import { contextOfTurns, newTurn } from "../../../app/_chat/turn";
import { ContextMeter } from "../../../app/_components/ContextMeter";
import type { TurnMessage } from "../../../lib/wire";

const step = (more: object) => ({ type: "data-step", data: { step: 1, name: "response", state: "done", ...more } });
const answer = (...parts: object[]) => ({ id: "a", role: "assistant", parts }) as TurnMessage;
const question: TurnMessage = { id: "q", role: "user", parts: [{ type: "text", text: "Why?" }] };

describe("what a conversation takes of the context", () => {
  const written = answer(
    step({ step: 1, name: "thinking", prefilled: 900, reused: 0, generated: 90 }),
    step({ step: 2, prefilled: 9, reused: 303, generated: 20 }),
    { type: "data-turn", data: { finishReason: "stop", omittedTurns: 2 } },
  );

  it("is what the response model has read and written in the newest answer", () => {
    expect(contextUse([question, written])).toEqual({ tokens: 332, omittedTurns: 2 });
  });

  it("stays that of the answer before while another one is written", () => {
    const running = answer(step({ state: "running" }));
    expect(contextUse([question, written, question, running])).toMatchObject({ tokens: 332 });
    expect(contextUse([question, written, question])).toMatchObject({ tokens: 332 });
  });

  it.each([
    ["of nothing", []],
    ["of a question", [question]],
    ["of an imported answer", [answer({ type: "text", text: "Hello." })]],
    ["of figures that are none", [answer(step({ prefilled: "9", reused: NaN, generated: -1 }))]],
    ["of a turn that failed before it was read", [answer(step({ state: "failed", prefilled: 0, reused: 0 }))]],
  ])("is not known %s", (_, messages) => expect(contextUse(messages)).toBeNull());

  it("is told by a model alone in its figures", () => {
    const usage = {
      prompt_tokens: 30,
      completion_tokens: 12,
      total_tokens: 42,
      prompt_tokens_details: { cached_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0 },
    };
    const done = { ...newTurn("m", "Why?"), facts: { usage, timings: null, finishReason: null, elapsedMs: 1 } };
    const stopped = { ...newTurn("m", "Why?"), facts: { ...done.facts, usage: null } };
    expect(contextOfTurns([done, stopped, newTurn("m", "And?")])).toEqual({ tokens: 42, omittedTurns: 0 });
    expect(contextOfTurns([stopped])).toBeNull();
  });
});

describe("the meter", () => {
  const meter = (tokens: number, size: number | null, omittedTurns = 0) =>
    renderToStaticMarkup(<ContextMeter use={{ tokens, omittedTurns }} size={size} />);

  it("says its figures in words", () => {
    const page = meter(1204, 4096);
    expect(page).toContain("1,204 of 4,096 tokens");
    expect(page).toMatch(
      /role="meter" aria-label="Context in use" aria-valuemin="0" aria-valuemax="4096" aria-valuenow="1204"/,
    );
    expect(page).toContain('aria-valuetext="1,204 of 4,096 tokens, 29 %"');
  });

  it("never says more than all of it, and draws nothing while the context's size is not known", () => {
    expect(meter(5000, 4096)).toContain('aria-valuenow="4096"');
    expect(meter(5000, null)).not.toContain("meter");
    expect(meter(5000, null)).toContain("5,000 tokens");
    expect(renderToStaticMarkup(<ContextMeter use={null} size={4096} />)).toBe("");
  });

  it("says when older turns were left out", () => {
    expect(meter(4000, 4096, 0)).not.toContain("oldest");
    expect(meter(4000, 4096, 1)).toContain("without the oldest turn:");
    expect(meter(4000, 4096, 1200)).toContain("without the 1,200 oldest turns:");
  });
});
