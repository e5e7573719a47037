import { describe, expect, it } from "vitest";
import type { RunEvent } from "../../../lib/runtime";
import { GenerationSteps } from "../../../lib/runtime/generation-steps";
import { StartSteps } from "../../../lib/runtime/start-steps";
import { ledgerMachine } from "../memory/ledger-machine";

const prompt: RunEvent = { type: "prompt", promptTokens: 30, reusedTokens: 20, slot: 0 };
const text: RunEvent = { type: "text", text: "a", tokens: 2 };
const done = (finishReason: "stop" | "aborted" = "stop"): RunEvent => ({
  type: "done",
  finishReason,
  usage: { promptTokens: 30, reusedTokens: 20, completionTokens: 5, thoughtTokens: 0 },
  prefillMs: 1,
  decodeMs: 1,
  slot: 0,
});
const failed = (code: "aborted" | "engine_crashed"): RunEvent => ({
  type: "failed",
  error: { code, message: "", fields: {} },
});

const ends = (machine: ReturnType<typeof ledgerMachine>) =>
  machine.records.flatMap(({ phase, step, tokens, outcome }) => (phase === "end" ? [[step, tokens, outcome]] : []));

describe("a generation in the ledger", () => {
  it.each<[string, RunEvent[], unknown[]]>([
    ["that is answered", [prompt, text, text, done()], [["prefill", 10, "done"], ["decode", 5, "done"]]], // prettier-ignore
    ["that thinks first", [prompt, { type: "thought", text: "", tokens: 1 }, text, done()], [["prefill", 10, "done"], ["decode", 5, "done"]]], // prettier-ignore
    ["without a word", [prompt, done()], [["prefill", 10, "done"]]],
    ["stopped in the prompt", [prompt, { type: "prefill", evaluated: 4, total: 10 }, done("aborted")], [["prefill", null, "aborted"]]], // prettier-ignore
    [
      "stopped in the answer",
      [prompt, text, done("aborted")],
      [
        ["prefill", 10, "done"],
        ["decode", 5, "aborted"],
      ],
    ],
    ["whose process died", [prompt, text, failed("engine_crashed")], [["prefill", 10, "done"], ["decode", 2, "failed"]]], // prettier-ignore
    ["left while it waited", [failed("aborted")], []],
  ])("%s", (_, events, expected) => {
    const machine = ledgerMachine();
    const steps = new GenerationSteps(machine.ledger, { run: "r" });
    for (const event of events) steps.see(event);
    steps.end("aborted");
    expect(ends(machine)).toEqual(expected);
    expect(machine.timers()).toBe(0);
  });

  it("whose reader left in the middle is aborted", () => {
    const machine = ledgerMachine();
    const steps = new GenerationSteps(machine.ledger, {});
    for (const event of [prompt, text]) steps.see(event);
    steps.end("aborted");
    expect(ends(machine)).toEqual([
      ["prefill", 10, "done"],
      ["decode", 2, "aborted"],
    ]);
  });
});

describe("a start in the ledger", () => {
  it("is three steps, each with the process from when there is one", () => {
    const machine = ledgerMachine();
    let pid: number | null = null;
    const steps = new StartSteps(machine.ledger, { model: "m", forecastBytes: 9 }, () => pid);
    pid = 7;
    machine.hold(7, 10);
    for (const stage of ["process", "model", "model", "context", "adapter", "context"] as const)
      steps.see({ stage, fraction: 0.5 });
    steps.end();
    expect(ends(machine)).toEqual(["start", "load", "context"].map((step) => [step, null, "done"]));
    expect(machine.records.map((record) => record.pid)).toEqual([null, 7, 7, 7, 7, 7, 7, 7, 7]);
    expect(machine.records.every(({ forecastBytes }) => forecastBytes === 9)).toBe(true);
  });

  it("that fails ends the step it is in", () => {
    const machine = ledgerMachine();
    const steps = new StartSteps(machine.ledger, {}, () => null);
    steps.see({ stage: "model", fraction: 0 });
    steps.end("failed");
    steps.end("done");
    expect(ends(machine)).toEqual([
      ["start", null, "done"],
      ["load", null, "failed"],
    ]);
  });
});
