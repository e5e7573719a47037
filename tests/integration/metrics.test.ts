import { describe, expect, it } from "vitest";
import type { FinishedStep } from "../../lib/agent";
import { loadConfig } from "../../lib/config";
import { readProcessMemory } from "../../lib/memory";
import { createRuntime, type Runtime } from "../../lib/runtime";
import { ensureFixtureModel } from "../fixtures/models";
import { childScript, collect, temporaryFolder } from "./support";

const MEGABYTE = 1e6;
const [response, reasoning] = [await ensureFixtureModel("small"), await ensureFixtureModel("smallReasoning")];

/** About 250 MB a model; `room` is what the budget leaves beside what this process holds now. */
async function withRuntime<Result>(room: number, use: (runtime: Runtime) => Promise<Result>): Promise<Result> {
  const own = readProcessMemory("self")?.anonymous ?? 0;
  const config = loadConfig({
    MEMWELL_RESPONSE_MODEL: response,
    MEMWELL_REASONING_MODEL: reasoning,
    MEMWELL_CONTEXT_SIZE: "4096",
    MEMWELL_THREADS: "1",
    MEMWELL_MEMORY_BUDGET: String(Math.round((own + room * MEGABYTE) / 0.8)),
    MEMWELL_DATA_DIR: temporaryFolderOf(),
  });
  const runtime = await createRuntime(config, { childScript, keepSpare: false });
  try {
    return await use(runtime);
  } finally {
    await runtime.close();
  }
}

const folders = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
const temporaryFolderOf = (): string => folders.pop()!;
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
const recent = async (runtime: Runtime) => (await runtime.analytics.recent({ withWords: true })).runs;
const all = { from: 0, to: Number.MAX_SAFE_INTEGER, by: "model" as const };
const hello = { prompt: { messages: [{ role: "user" as const, content: "Hello" }] }, maxTokens: 4 };

describe("the figures of what was asked without a conversation", () => {
  it("of turns whose models take turns are those of their steps, with what left memory for them", async () => {
    await withRuntime(420, async (runtime) => {
      const turns: { run: string; steps: FinishedStep[] }[] = [];
      for (const run of ["turn-1", "turn-2"]) {
        const steps: FinishedStep[] = [];
        const request = { message: "What is a fraction?", history: [], maxTokens: 6, maxThoughtTokens: 4 };
        for await (const event of runtime.startTurn(request, { run })) if (event.type === "step-end") steps.push(event);
        turns.unshift({ run, steps });
      }
      const listed = await recent(runtime);
      expect(listed.map(({ run, source, words }) => [run, source, words])).toEqual([
        ["turn-2", "agent", null],
        ["turn-1", "agent", null],
      ]);
      for (const [index, { steps }] of turns.entries()) {
        const of = (name: string) => sum(steps.filter((step) => step.name === name).map(({ duration_ms: ms }) => ms));
        const found = listed[index]!;
        expect(found.waitMs).toBeCloseTo(of("slot"), 6);
        expect(found.stepMs.response).toBeCloseTo(of("response"), 6);
        expect(found.swaps).toBe(sum(steps.map(({ swapped_out: left }) => left.length)));
        const log = runtime.memoryLog({ run: found.run });
        const loads = log.filter(({ phase, step }) => phase === "end" && ["start", "load", "context"].includes(step));
        expect(found.loadMs).toBeCloseTo(sum(loads.map(({ durationMs }) => durationMs ?? 0)), 6);
      }
      // Each turn needs both, and there is room for one.
      const evictions = new Map((await runtime.analytics.gauges()).evictions);
      expect(sum([...evictions.values()])).toBe(sum(listed.map(({ swaps }) => swaps)));
      expect(evictions.size).toBe(2);
    });
  });

  it("of one model are its own account: answered, left in the middle", async () => {
    await withRuntime(2_000, async (runtime) => {
      const [model] = runtime.models();
      const { done } = await collect(runtime.generate(model!.id, hello));
      for await (const event of runtime.generate(model!.id, { ...hello, maxTokens: 400 }))
        if (event.type === "text") break;
      const [left, answered] = await recent(runtime);
      expect(left).toMatchObject({ source: "model", outcome: "stopped", errorCode: null, model: model!.id });
      expect(answered).toMatchObject({
        outcome: "done",
        answerTokens: done!.usage.completionTokens,
        answerMs: done!.decodeMs,
        models: [{ prefilled: done!.usage.promptTokens - done!.usage.reusedTokens, prefillMs: done!.prefillMs }],
      });
      expect(answered!.firstTokenMs).toBeCloseTo(answered!.waitMs! + done!.prefillMs, 6);
      const { total } = await runtime.analytics.summary(all);
      expect(total).toMatchObject({ turns: 2, sources: { model: 2 }, outcomes: { done: 1, stopped: 1 } });
      expect(sum(runtime.analytics.counters().turns.map(({ value }) => value))).toBe(2);
    });
  });

  it("of what is refused say why", async () => {
    await withRuntime(20, async (runtime) => {
      const [model] = runtime.models();
      await collect(runtime.generate(model!.id, hello));
      expect(await recent(runtime)).toMatchObject([{ outcome: "failed", errorCode: "memory_exceeded", waitMs: null }]);
      expect((await runtime.analytics.summary(all)).total.errors).toEqual({ memory_exceeded: 1 });
    });
  });
});
