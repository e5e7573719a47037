import { renderToStaticMarkup } from "react-dom/server";
import { afterAll, describe, expect, it } from "vitest";

import { Status } from "../../../app/_components/answer/Status";
import { Trace } from "../../../app/_components/answer/Trace";
import { TraceSteps } from "../../../app/_components/answer/TraceSteps";
import { readStep, type TracedStep } from "../../../app/_trace/read-data";
import { statusWords, type HeardWait } from "../../../app/_trace/status-words";
import { layTimeLine, shareOf } from "../../../app/_trace/time-line";
import { inputText, outputText } from "../../../app/_trace/tool-text";
import { stepsOf, traceOf } from "../../../app/_trace/trace";
import {
  contextWords,
  decisionWords,
  formatTime,
  runningName,
  stateWords,
  stepFacts,
  stepName,
  summaryWords,
} from "../../../app/_trace/words";
import type { TurnMessage } from "../../../lib/wire";
import { calculator, play } from "../agent/pipeline/script";
import { messageOf, piecesOf } from "../wire/ui-stream-reader";

type Parts = TurnMessage["parts"];

afterAll(() => calculator.close());

const step = (changes: Partial<TracedStep> = {}): TracedStep => ({
  ...{
    step: 1,
    name: "response",
    detail: null,
    role: "response",
    state: "done",
    error: null,
    model: "tutor",
    swappedOut: [],
    domain: null,
    contextReplaced: null,
    standsInFor: null,
    standsInWhy: null,
  },
  ...{
    duration_ms: 1000,
    prefill_ms: 200,
    decode_ms: 800,
    prefilled: 9,
    reused: 303,
    generated: 20,
    memory_bytes: 1.3e9,
  },
  ...changes,
});

/** The message of a whole turn of the real agent. */
async function wholeTurn(): Promise<Parts> {
  const { events } = await play({ swaps: true }, { message: "How do I work out 3/4 + 1/8?" }, new AbortController());
  const heard = events.flatMap((event) => (event.type === "wait" ? [] : [event]));
  const { message } = await messageOf(piecesOf(heard).join(""));
  return message?.parts ?? [];
}

describe("the trace of a real turn", () => {
  it("has every step in order with what happened in it", async () => {
    const items = traceOf(await wholeTurn());
    const steps = stepsOf(items);
    expect(steps.map(({ step }) => step)).toEqual(steps.map((_, index) => index + 1));
    expect(steps.map(({ name }) => name)).toEqual(expect.arrayContaining(["rules", "slot", "tool", "response"]));
    for (const item of items) {
      if (item.type !== "step") continue;
      expect(item.decision !== null, item.step.name).toBe(item.step.name === "decision");
      if (item.step.name === "tool") expect(item.tools.map(({ toolName }) => toolName)).toEqual([item.step.detail]);
      else expect(item.tools).toEqual([]);
      if (item.step.name === "thinking") expect(item.thoughts).toHaveLength(1);
    }
    const swaps = steps.filter(({ swappedOut }) => swappedOut.length > 0);
    expect(swaps).toMatchObject([{ name: "slot", detail: "response", swappedOut: ["reasoning"] }]);
  });

  it("is summed up as the server sums it up", async () => {
    const parts = await wholeTurn();
    const data = parts.find((part) => part.type === "data-turn")?.data;
    expect(data).toBeDefined();
    const words = summaryWords(stepsOf(traceOf(parts)), null, false);
    const speed = /, [\d.,]+ tokens\/s$/;
    expect(words).toMatch(speed);
    expect(words.replace(speed, "")).toBe(
      `${data!.steps} steps, ${formatTime(data!.duration_ms)}, peak 1.0 kB, ${data!.swaps} swap${data!.swaps === 1 ? "" : "s"}`,
    );
  });

  it("opens by a button that says whether it is open", async () => {
    const page = renderToStaticMarkup(<Trace parts={await wholeTurn()} isLive={false} />);
    expect(page).toMatch(
      /<button type="button" aria-expanded="false" aria-controls="([^"]+)".*<div id="\1" hidden=""><\/div>/,
    );
    expect(page).toMatch(/\d+ steps, .*1 swap/);
    expect(renderToStaticMarkup(<Trace parts={[]} isLive />)).toBe("");
  });

  it("shows names, decisions, figures and swaps in its steps", async () => {
    const parts = await wholeTurn();
    const page = renderToStaticMarkup(<TraceSteps items={traceOf(parts)} isLive={false} />);
    expect(page).toContain("Decision: would a chart help?");
    expect(page).toContain("Tool: the calculator");
    expect(page).toContain("Wrote the answer");
    expect(page).toContain("Swap: reasoning went, response came");
    expect(page.match(/<li/g)).toHaveLength(traceOf(parts).length);
  });
});

describe("parts of a trace that are wrong", () => {
  const data = (type: string, value: unknown) => ({ type, data: value }) as Parts[number];

  it.each<unknown>([
    null,
    5,
    "step",
    [],
    {},
    { step: 1.5, name: "rules", state: "done" },
    { step: 1, name: "rules" },
    { step: 1, name: {}, state: "done" },
  ])("are left out: %j", (value) => {
    expect(traceOf([data("data-step", value), data("data-decision", value), data("data-turn", value)])).toEqual([]);
    expect(renderToStaticMarkup(<Trace parts={[data("data-step", value)]} isLive={false} />)).toBe("");
  });

  it("have no figures that are none", () => {
    const read = readStep({
      step: 1,
      name: "<b>",
      state: "done",
      duration_ms: "5",
      decode_ms: -1,
      memory_bytes: NaN,
      generated: 1e300,
    });
    expect(read).toMatchObject({ duration_ms: 0, decode_ms: 0, memory_bytes: null, generated: 0 });
    const page = renderToStaticMarkup(<TraceSteps items={traceOf([data("data-step", read)])} isLive={false} />);
    expect(page).toContain("&lt;b&gt;");
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
  });

  it("belong to the step that they name, and to no other", () => {
    const decision = { id: "chart", answer: "no", probability: null, source: "rule", reason: null, switches: [] };
    const steps = [step({ step: 1, name: "slot" }), step({ step: 2, name: "decision", detail: "practice" })];
    const items = traceOf(steps.flatMap((given) => [data("data-step", given), data("data-decision", decision)]));
    expect(items.map(({ type }) => type)).toEqual(["step", "decision", "step", "decision"]);
  });

  it.each([undefined, null, "small", { 0: "small" }, [7, null], [[]]])(
    "are no swap where the models that left are %j",
    (swapped_out) => {
      const [item] = traceOf([data("data-step", { ...step(), swapped_out })]);
      expect(item).toMatchObject({ step: { swappedOut: [] } });
    },
  );

  it("without a step before them are no part of any", () => {
    const tool = { type: "dynamic-tool", toolName: "calculator", toolCallId: "c", state: "input-available", input: {} };
    const parts = [tool as Parts[number], { type: "reasoning", text: "hm" } as Parts[number]];
    expect(traceOf(parts)).toEqual([]);
  });
});

describe("the time line", () => {
  it.each<[string, number[], [number, number][]]>([
    ["nothing", [], []],
    ["one", [5], [[0, 100]]],
    [
      "one after the other",
      [10, 30, 60],
      [
        [0, 10],
        [10, 30],
        [40, 60],
      ],
    ],
    [
      "no time at all",
      [0, 0],
      [
        [0, 0],
        [0, 0],
      ],
    ],
    [
      "no durations",
      [NaN, -5, Infinity, 10],
      [
        [0, 0],
        [0, 0],
        [0, 0],
        [0, 100],
      ],
    ],
  ])("lays %s", (_, durations, bars) => {
    expect(layTimeLine(durations).map(({ left, width }) => [left, width])).toEqual(bars);
  });

  it("measures memory by the peak", () => {
    expect([shareOf(5, 10), shareOf(null, 10), shareOf(5, null), shareOf(5, 0), shareOf(20, 10)]).toEqual([
      50, 0, 0, 0, 100,
    ]);
  });
});

describe("a step's words", () => {
  it.each([
    [{ name: "rules", detail: null, role: null }, "Rules read the message", "Reading the message by rules"],
    [
      { name: "slot", detail: "reasoning", role: "reasoning" },
      "Waited for the reasoning model",
      "Waiting for the reasoning model",
    ],
    [
      { name: "decision", detail: "chart", role: "reasoning" },
      "Decision: would a chart help?",
      "Deciding: would a chart help?",
    ],
    [{ name: "decision", detail: "domain", role: "reasoning" }, "Domain:", "Deciding: which domain?"],
    [{ name: "tool", detail: "calculator", role: null }, "Tool: the calculator", "Using the calculator"],
    [{ name: "tool", detail: "constructor", role: null }, "Tool: constructor", "Using constructor"],
    [
      { name: "thinking", detail: "math", role: "reasoning" },
      "Thought about the mathematics",
      "Thinking about the mathematics",
    ],
    [{ name: "response", detail: null, role: "response" }, "Wrote the answer", "Writing the answer"],
    [{ name: "future", detail: "x", role: null }, "future: x", "future: x"],
  ])("for %j", (given, ended, running) => {
    expect(stepName(given)).toBe(ended);
    expect(runningName(given)).toBe(running);
  });

  it.each([
    [{ probability: 0.974, isByRule: false, reason: null }, "yes, 97 % sure"],
    [{ probability: null, isByRule: true, reason: "it is a greeting" }, "yes, by a rule: it is a greeting"],
    [{ probability: 0.52, isByRule: true, reason: "unsure" }, "yes, by a rule: unsure (the model was 52 % sure)"],
    [{ probability: null, isByRule: false, reason: null }, "yes"],
  ])("say who decided: %j", (given, words) =>
    expect(decisionWords({ id: "chart", answer: "yes", ...given })).toBe(words),
  );

  it.each([
    [{ probability: 0.974, isByRule: false, reason: null }, "business, chosen from the message, 97 % sure"],
    [{ probability: null, isByRule: true, reason: "it goes on" }, "business, by a rule: it goes on"],
  ])("say how a domain was chosen: %j", (given, words) =>
    expect(decisionWords({ id: "domain", answer: "business", ...given })).toBe(words),
  );

  it("tell what was read and written, and how fast", () => {
    expect(stepFacts(step())).toEqual([
      "tutor",
      "9 of 312 prompt tokens read, 303 reused",
      "20 tokens written, 25 tokens/s",
    ]);
    expect(stepFacts(step({ model: null, prefilled: 0, reused: 0, generated: 0 }))).toEqual([]);
    expect(stepFacts(step({ prefilled: 0, reused: 0, generated: 1, decode_ms: 0 }))).toEqual([
      "tutor",
      "1 token written",
    ]);
  });

  it("name the domain of an answer, and whose context made room for it", () => {
    expect(stepFacts(step({ domain: "business" }))[1]).toBe("answered in the domain business");
    expect(stepFacts(step({ domain: "business", name: "slot" }))).not.toContain("answered in the domain business");
    expect(contextWords(step({ domain: "business", contextReplaced: "law" }))).toBe(
      "Context change, no swap: law went, business came",
    );
    expect(contextWords(step({ contextReplaced: "law" }))).toBe("Context change, no swap: law went, tutor came");
    expect(contextWords(step({ domain: "business" }))).toBeNull();
    const noSwap = "an adapter on its base, no swap";
    expect(stepFacts(step({ domain: "business", name: "slot" }))).toContain(noSwap);
    expect(stepFacts(step({ domain: "business", name: "slot", contextReplaced: "law" }))).not.toContain(noSwap);
    expect(stepFacts(step({ domain: "business", name: "slot", swappedOut: ["thinker"] }))).not.toContain(noSwap);
    expect(stepFacts(step({ name: "slot" }))).not.toContain(noSwap);
  });

  it("tell how it ended", () => {
    expect(stateWords(step())).toBeNull();
    expect(stateWords(step({ state: "failed", error: "no room" }))).toBe("failed: no room");
    expect(stateWords(step({ state: "aborted" }))).toBe("stopped");
    expect(stateWords(step({ state: "interrupted" }))).toContain("server stopped");
  });
});

describe("the summary", () => {
  const swaps = (...all: string[][]) => all.map((swappedOut) => step({ swappedOut }));
  it.each<[TracedStep[], string]>([
    [[step()], "1 step, 1.0 s, peak 1.3 GB, 0 swaps, 25 tokens/s"],
    [swaps([], [], ["a"], [], ["b", "c"]), "5 steps, 5.0 s, peak 1.3 GB, 2 swaps, 25 tokens/s"],
    [[step({ memory_bytes: null, duration_ms: 4 })], "1 step, 4 ms, 0 swaps, 25 tokens/s"],
    [[step(), step({ state: "interrupted" })], "1 step, 1.0 s, peak 1.3 GB, 0 swaps, 25 tokens/s"],
  ])("%#: %s", (steps, words) => expect(summaryWords(steps, null, false)).toBe(words));

  it("says what else there is to know", () => {
    const end = { finishReason: "length", omittedTurns: 2 };
    expect(summaryWords([step()], end, false)).toMatch(/, ended at the token limit, 2 earlier turns did not fit$/);
    expect(summaryWords([step()], null, true)).toMatch(/^1 step so far/);
    const thinking = step({ name: "thinking", generated: 500 });
    expect(summaryWords([thinking, step({ generated: 4 })], null, false)).toMatch(/, 0 swaps, 5.0 tokens\/s$/);
    expect(summaryWords([thinking, step({ generated: 0 })], null, false)).not.toContain("tokens/s");
  });
});

describe("what is happening now", () => {
  const slot = step({ name: "slot", detail: "reasoning", role: "reasoning", state: "running" });
  const thinking = step({ name: "thinking", detail: "math", role: "reasoning", state: "running" });
  const loading = (role: "reasoning" | "response"): HeardWait => ({
    data: { role, type: "loading", stage: "model", percent: 62 },
    at: 0,
  });
  const queued: HeardWait = {
    data: { role: "reasoning", type: "queued", position: 2, estimate_ms: 40_000, reason: "busy", models: ["tutor"] },
    at: 1_000,
  };
  const prefill = (evaluated: number) => ({ evaluated, total: 1000 });

  it.each<[string, Parameters<typeof statusWords>[0], string]>([
    ["nothing yet", { steps: [], wait: null, prefill: null }, "Waiting for the server to begin"],
    ["a load", { steps: [slot], wait: loading("reasoning"), prefill: null }, "Loading the reasoning model: 62 %"],
    [
      "a queue",
      { steps: [slot], wait: queued, prefill: null },
      "Position 2 in the queue, about 30 s: waiting for tutor to finish",
    ],
    [
      "a wait of another model",
      { steps: [slot], wait: loading("response"), prefill: null },
      "Waiting for the reasoning model",
    ],
    [
      "a wait that is over",
      { steps: [slot, thinking], wait: loading("reasoning"), prefill: null },
      "Thinking about the mathematics",
    ],
    [
      "reading",
      { steps: [thinking], wait: null, prefill: prefill(404) },
      "Thinking about the mathematics, 40 % of the prompt read",
    ],
    ["all read", { steps: [thinking], wait: null, prefill: prefill(1000) }, "Thinking about the mathematics"],
    ["between steps", { steps: [step()], wait: null, prefill: prefill(10) }, "Going on to the next step"],
  ])("is told of %s", (_, progress, words) => expect(statusWords(progress, 11_000)).toBe(words));

  it("is one line on the page", () => {
    const part = {
      type: "data-step",
      id: "step-1",
      data: { step: 1, name: "slot", detail: "reasoning", role: "reasoning", state: "running" },
    };
    const page = renderToStaticMarkup(
      <Status parts={[part as Parts[number]]} wait={loading("reasoning")} prefill={null} />,
    );
    expect(page).toContain("Loading the reasoning model: 62 %");
  });
});

describe("a tool's text", () => {
  const part = { type: "dynamic-tool", toolName: "t", toolCallId: "c", input: { a: 1 } } as const;
  it("is what it was given and what it answered", () => {
    expect(inputText(part)).toBe('{\n  "a": 1\n}');
    expect(inputText({ input: undefined })).toBe("Nothing was told.");
    expect(outputText({ ...part, state: "output-available", output: { text: "7/8", display: null } }, false)).toBe(
      "7/8",
    );
    expect(outputText({ ...part, state: "output-available", output: [1] }, false)).toBe("[\n  1\n]");
    expect(outputText({ ...part, state: "output-error", errorText: "no" }, false)).toBe("Failed: no");
    expect(outputText({ ...part, state: "input-available" }, true)).toBe("It has not answered yet.");
    expect(outputText({ ...part, state: "input-available" }, false)).toBe("It did not answer.");
    expect(outputText({ ...part, state: "output-available", output: "x".repeat(1e6) }, false).length).toBeLessThan(
      25_000,
    );
  });
});
