import { describe, expect, it } from "vitest";
import type { Decision, StepEnd } from "../../../lib/cli/chat-events";
import {
  decisionLine,
  decisionText,
  duration,
  generationLine,
  stepLine,
  summaryLine,
} from "../../../lib/cli/chat-steps";
import { heldByModels, TurnAccount } from "../../../lib/cli/chat-totals";

function stepEnd(changes: Partial<StepEnd>): StepEnd {
  return {
    type: "step-end",
    step: 3,
    name: "decision",
    detail: "practice",
    role: "reasoning",
    outcome: "done",
    error: null,
    model: "notes",
    swapped_out: [],
    duration_ms: 12.3,
    prefill_ms: 0,
    decode_ms: 0,
    prefilled: 0,
    reused: 0,
    generated: 0,
    memory_bytes: null,
    ...changes,
  };
}

function decision(changes: Partial<Decision>): Decision {
  return { id: "practice", answer: "no", probability: 0.9712, source: "model", reason: null, switches: [], ...changes };
}

const crashed = { code: "engine_crashed", message: "The model's process ended.\nAsk again.", fields: {} } as const;

describe("a step that has ended, as a line", () => {
  it.each<[string, Partial<StepEnd>, string | null, string]>([
    [
      "a decision, with what it read",
      { prefilled: 9, reused: 303 },
      "no (0.97)",
      "  decision practice   no (0.97)  12 ms, 9 of 312 tokens read",
    ],
    ["rules, without a model", { name: "rules", detail: null }, null, "  rules               12 ms"],
    [
      "a wait for a model, with what it holds",
      { name: "slot", detail: "reasoning", memory_bytes: 165_986_304, duration_ms: 2580 },
      null,
      "  model reasoning     notes, 166.0 MB  2.6 s",
    ],
    [
      "a wait for a domain, whose context took the place of another's",
      { name: "slot", detail: "response", domain: "law", context_replaced: "business" },
      null,
      "  model response      notes, its context instead of that of business  12 ms",
    ],
    [
      "an answer in a domain",
      { name: "response", detail: null, domain: "law" },
      null,
      "  response            in the domain law  12 ms",
    ],
    [
      "a tool",
      { name: "tool", detail: "calculator", model: null },
      "3/4 + 1/8 = 7/8",
      "  tool calculator     3/4 + 1/8 = 7/8  12 ms",
    ],
    [
      "thinking, with its speed",
      { name: "thinking", detail: "reasoning", prefilled: 1, reused: 0, generated: 8, decode_ms: 2000 },
      null,
      "  thinking reasoning  12 ms, 1 of 1 token read, 8 written at 4.0 tokens/s",
    ],
    [
      "a response",
      { name: "response", detail: null, prefilled: 382, generated: 120, decode_ms: 4000, duration_ms: 65_400 },
      null,
      "  response            1 min 5 s, 382 of 382 tokens read, 120 written at 30 tokens/s",
    ],
    [
      "written in no time that could be measured",
      { name: "response", detail: null, generated: 1 },
      null,
      "  response            12 ms, 1 written",
    ],
    [
      "a failure rather than what came of it",
      { outcome: "failed", error: crashed },
      "no (0.97)",
      "  decision practice   failed: The model's process ended. Ask again.  12 ms",
    ],
    [
      "the failure that ends the turn, without what is told as its end",
      { name: "slot", detail: "response", role: "response", outcome: "failed", error: crashed },
      null,
      "  model response      failed  12 ms",
    ],
    ["a stop", { outcome: "aborted" }, null, "  decision practice   stopped  12 ms"],
    [
      "a result of many lines, in one",
      { name: "tool", detail: "create_graph" },
      "Bar chart\n\n  Apples\t3\r\nPears 4",
      "  tool create_graph   Bar chart Apples 3 Pears 4  12 ms",
    ],
    [
      "what would steer a terminal, without it",
      { name: "slot", detail: "response", model: "m\u001b[2J\u009b31m" },
      null,
      "  model response      m?[2J?31m  12 ms",
    ],
  ])("%s", (_, changes, said, line) => {
    expect(stepLine(stepEnd(changes), said)).toBe(line);
  });

  it("is cut where a result would fill the page, at whole characters", () => {
    const line = stepLine(stepEnd({ name: "tool", detail: "t" }), "\u{1F34E}".repeat(500));
    expect(line).toContain(`${"\u{1F34E}".repeat(159)}…  12 ms`);
    expect(line).not.toMatch(/\p{Cs}/u);
  });
});

describe("a decision in words", () => {
  it.each<[string, Partial<Decision>, string]>([
    ["the model's own", {}, "no (0.97)"],
    [
      "the rule's, where the model was not asked",
      { source: "rule", probability: null, reason: "a greeting" },
      "no (rule: a greeting)",
    ],
    ["the rule's, where it was unsure", { source: "rule", reason: "it has 40 %" }, "no (rule: it has 40 %)"],
    ["without a reason", { source: "rule" }, "no (rule)"],
    ["without a share", { probability: null }, "no"],
  ])("%s", (_, changes, text) => {
    expect(decisionText(decision(changes))).toBe(text);
    expect(decisionLine(decision(changes))).toBe(`  decision practice   ${text}`);
  });
});

it("the answer of one model alone looks as a turn's response does", () => {
  const usage = { promptTokens: 27, reusedTokens: 20, completionTokens: 10, thoughtTokens: 0 };
  const done = { type: "done", finishReason: "stop", usage, prefillMs: 60, decodeMs: 40, slot: 0 } as const;
  expect(generationLine(done)).toBe("  response            100 ms, 7 of 27 tokens read, 10 written at 250 tokens/s");
  expect(generationLine({ ...done, finishReason: "aborted" })).toContain("  response            stopped  100 ms");
});

describe("the last line of a turn", () => {
  it("tells steps, time, memory and swaps", () => {
    const totals = { steps: 7, durationMs: 4100, peakBytes: 1.3e9, swaps: 1 };
    expect(summaryLine(totals)).toBe("  7 steps, 4.1 s, peak 1.30 GB, 1 swap");
    expect(summaryLine({ ...totals, steps: 1, peakBytes: 0, swaps: 0 }, true)).toBe(
      "  stopped: 1 step, 4.1 s, 0 swaps",
    );
  });

  it("counts a swap whenever a model left memory for another, and the most memory at a step's end", () => {
    const account = new TurnAccount();
    expect(account.summary(false)).toBeNull();
    const steps = [
      [[], 0],
      [[], 10e6],
      [[], 1000e6],
      [["notes"], 100e6],
      [[], 1e6],
    ] as [string[], number][];
    for (const [swapped_out, bytes] of steps) account.add({ swapped_out }, bytes);
    expect(account.summary(false)).toMatch(/^ {2}5 steps, \d+ ms, peak 1\.00 GB, 1 swap$/);
  });

  it("counts a process that several models share once", () => {
    const process = (pid: number) => ({ pid }) as NonNullable<Parameters<typeof heldByModels>[0][number]["info"]>;
    const models = [
      { info: process(1), residentBytes: 1 },
      { info: process(1), residentBytes: 1 },
      { info: process(2), residentBytes: 10 },
      { info: null, residentBytes: null },
    ];
    expect(heldByModels(models)).toBe(11);
  });
});

it.each([
  [0, "0 ms"],
  [999.4, "999 ms"],
  [999.6, "1.0 s"],
  [59_940, "59.9 s"],
  [59_960, "1 min 0 s"],
  [125_000, "2 min 5 s"],
])("%d ms are %s", (milliseconds, text) => expect(duration(milliseconds)).toBe(text));
