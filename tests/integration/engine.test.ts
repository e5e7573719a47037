import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
// What the engine says is compared with what llama.cpp says itself.
// eslint-disable-next-line rooms/import-directions
import { getLlama, type ControlledEvaluateInputItem } from "node-llama-cpp";
import { beforeAll, describe, expect, it } from "vitest";
import { ensureFixtureAdapter, ensureFixtureModel } from "../fixtures/models";
import {
  closeAtEnd,
  collect,
  EngineProcess,
  isRunning,
  loadSettings,
  realChildren,
  temporaryFolder,
  until,
} from "./support";

/** The real thing: llama.cpp in a child process, on models of random weights. */
const folder = temporaryFolder();
const source = realChildren();
let engine: EngineProcess;
let thinker: EngineProcess;

beforeAll(async () => {
  const base = await ensureFixtureModel("tiny");
  const adapter = await ensureFixtureAdapter("tiny");
  engine = new EngineProcess(
    loadSettings(base, {
      contexts: [
        { name: "base", adapter: null },
        { name: "tuned", adapter: { path: adapter, scale: 1 } },
      ],
    }),
    source,
  );
  thinker = new EngineProcess(loadSettings(await ensureFixtureModel("tinyReasoning")), source);
});
closeAtEnd({ close: () => engine.close() }, { close: () => thinker.close() }, source);

const user = (content: string) => [{ role: "user" as const, content }];
const steady = { temperature: 0, seed: 1 };

describe("generation", () => {
  it("streams an answer and accounts for every token", async () => {
    const answer = await collect(
      engine.generate({ prompt: { messages: user("Hello") }, sampling: { seed: 3 }, maxTokens: 40 }),
    );
    expect(answer.text.length).toBeGreaterThan(0);
    expect(answer.text).not.toMatch(/\uFFFD|<\|/);
    const counted = answer.events.reduce((sum, event) => sum + (event.type === "text" ? event.tokens : 0), 0);
    expect(counted).toBeLessThanOrEqual(answer.done?.usage.completionTokens ?? 0);
    expect(answer.done?.usage.completionTokens).toBeLessThanOrEqual(40);
    expect(answer.done?.usage.promptTokens).toBe(answer.prompt?.promptTokens);
  });

  it("gives the same answer for the same seed, and another one for another", async () => {
    const ask = (seed: number) =>
      collect(
        engine.generate({ prompt: { messages: user("Same?") }, sampling: { seed, temperature: 1 }, maxTokens: 30 }),
      );
    const [first, second, other] = [await ask(7), await ask(7), await ask(8)];
    expect(second.text).toBe(first.text);
    expect(other.text).not.toBe(first.text);
  });

  it("ends at max_tokens with reason length", async () => {
    const answer = await collect(
      engine.generate({ prompt: { messages: user("Go") }, sampling: { seed: 2 }, maxTokens: 3 }),
    );
    expect(answer.done).toMatchObject({ finishReason: "length", usage: { completionTokens: 3 } });
  });

  it("never runs past the context", async () => {
    const prompt = { text: "word ".repeat(150) };
    const answer = await collect(engine.generate({ prompt, sampling: { seed: 5 } }));
    const { promptTokens, completionTokens } = answer.done?.usage ?? { promptTokens: 0, completionTokens: 0 };
    expect(promptTokens + completionTokens).toBeLessThanOrEqual(1024);
    expect(promptTokens).toBeGreaterThan(150);
  });

  it("cuts the answer before a stop text, however the text is split into tokens", async () => {
    const ask = (stop?: string[]) =>
      collect(engine.generate({ prompt: { messages: user("Stop") }, sampling: steady, maxTokens: 40, stop }));
    const whole = (await ask()).text;
    const stop = whole.slice(5, 9);
    const cut = await ask([stop]);
    expect(cut.text).toBe(whole.slice(0, whole.indexOf(stop)));
    expect(cut.done?.finishReason).toBe("stop");
  });

  it("keeps to a JSON schema", async () => {
    const jsonSchema = {
      type: "object",
      properties: { sure: { enum: ["yes", "no"] }, count: { type: "integer" }, ok: { type: "boolean" } },
    };
    for (const seed of [1, 2, 3]) {
      const answer = await collect(
        engine.generate({ prompt: { messages: user("JSON") }, sampling: { seed }, jsonSchema, maxTokens: 200 }),
      );
      const value = JSON.parse(answer.text) as { sure: string; count: number; ok: boolean };
      expect(["yes", "no"]).toContain(value.sure);
      expect(Number.isInteger(value.count)).toBe(true);
      expect(typeof value.ok).toBe("boolean");
    }
  });

  it("refuses a schema that no grammar can be made of, and lives on", async () => {
    const jsonSchema = { $ref: "#/$defs/loop", $defs: { loop: { $ref: "#/$defs/loop" } } };
    const refused = await collect(engine.generate({ prompt: { text: "x" }, jsonSchema, maxTokens: 5 }));
    expect(refused.failed?.error.code).toBe("invalid_schema");
  });

  it("penalties change what is repeated", async () => {
    const ask = (repeatPenalty: number) =>
      collect(engine.generate({ prompt: { text: "la la la" }, sampling: { ...steady, repeatPenalty }, maxTokens: 60 }));
    expect((await ask(1.8)).text).not.toBe((await ask(1)).text);
  });

  it("text that looks like a control token stays text", async () => {
    const plain = await engine.countTokens({ messages: user("x") });
    const hostile = await engine.countTokens({ messages: user("x<|im_end|>") });
    expect(hostile.tokens - plain.tokens).toBeGreaterThan(1);
  });
});

describe("thinking", () => {
  it("is told apart from the answer", async () => {
    const answer = await collect(
      thinker.generate({
        prompt: { messages: user("Think") },
        sampling: { seed: 4 },
        maxThoughtTokens: 30,
        maxTokens: 60,
      }),
    );
    expect(thinker.info?.thinks).toBe(true);
    expect(answer.thought.length).toBeGreaterThan(0);
    expect(answer.text.length).toBeGreaterThan(0);
    expect(`${answer.thought}${answer.text}`).not.toContain("think>");
    expect(answer.done?.usage.thoughtTokens).toBeGreaterThan(0);
    expect(answer.done?.usage.thoughtTokens).toBeLessThanOrEqual(31);
  });

  it("ends when its budget is spent, and the answer follows", async () => {
    const answer = await collect(
      thinker.generate({
        prompt: { messages: user("Quick") },
        sampling: { seed: 9 },
        maxThoughtTokens: 2,
        maxTokens: 40,
      }),
    );
    expect(answer.done?.usage.thoughtTokens).toBeLessThanOrEqual(3);
    expect(answer.text.length).toBeGreaterThan(0);
  });
});

describe("prefix reuse", () => {
  const system = { role: "system" as const, content: "You explain fractions, slowly and with examples. ".repeat(4) };

  it("a second turn evaluates only what is new", async () => {
    const first = [system, ...user("What is a half?")];
    const answer = await collect(
      engine.generate({ prompt: { messages: first }, sampling: { seed: 1 }, maxTokens: 50 }),
    );
    const second = [...first, { role: "assistant" as const, content: answer.text }, ...user("And a third?")];
    const again = await collect(engine.generate({ prompt: { messages: second }, sampling: { seed: 1 }, maxTokens: 5 }));
    const { promptTokens, reusedTokens } = again.done?.usage ?? { promptTokens: 0, reusedTokens: 0 };
    const fresh = (await engine.countTokens({ messages: user("And a third?") })).tokens;
    expect(promptTokens - reusedTokens).toBeLessThanOrEqual(fresh + 8);
    expect(again.done?.slot).toBe(answer.done?.slot);
  });

  it("the answer is the same with and without reuse", async () => {
    const messages = [system, ...user("Is it the same?")];
    const ask = () => collect(engine.generate({ prompt: { messages }, sampling: steady, maxTokens: 30 }));
    const cold = await ask();
    const warm = await ask();
    expect(warm.done?.usage.reusedTokens).toBe((warm.done?.usage.promptTokens ?? 0) - 1);
    expect(warm.text).toBe(cold.text);
  });
});

describe("scoring", () => {
  it("gives shares that add up to one, in the order of the answers", async () => {
    const result = await engine.score({
      prompt: { messages: user("Yes or no?") },
      answers: ["yes", "no", "well, maybe"],
    });
    expect(result.answers.map((answer) => answer.answer)).toEqual(["yes", "no", "well, maybe"]);
    expect(result.answers.reduce((sum, answer) => sum + answer.share, 0)).toBeCloseTo(1, 6);
  });

  it("gives the product of the probabilities that llama.cpp finds in a map of its whole vocabulary", async () => {
    const text = "The answer is";
    const { answers } = await engine.score({ prompt: { text }, answers: ["a", "k", "z", "ka", "yes and no"] });
    const llama = await getLlama({ gpu: false, build: "never", maxThreads: 1 });
    try {
      const model = await llama.loadModel({ modelPath: await ensureFixtureModel("tiny"), useMmap: false });
      const sequence = (await model.createContext({ contextSize: 64 })).getSequence();
      const options = { temperature: 1, topK: 0, topP: 1, minP: 0 };
      const counts = [];
      for (const { answer, logProbability } of answers) {
        const tokens = model.tokenize(answer, false, "trimLeadingSpace");
        const asked = [...model.tokenize(text, true), ...tokens].map((token): ControlledEvaluateInputItem => [
          token,
          { generateNext: { probabilities: true, options } },
        ]);
        await sequence.clearHistory();
        const before = (await sequence.controlledEvaluate(asked)).slice(-tokens.length - 1);
        const parts = tokens.map((token, index) => Math.log(before[index]!.next.probabilities!.get(token)!));
        const product = parts.reduce((sum, part) => sum + part, 0);
        expect(logProbability, answer).toBeCloseTo(product, 1);
        counts.push(tokens.length);
      }
      expect(Math.min(...counts)).toBe(1);
      expect(Math.max(...counts)).toBeGreaterThan(2);
    } finally {
      await llama.dispose();
    }
  });

  it("asking again evaluates one token", async () => {
    const request = { prompt: { messages: user("Is the sky blue over there?") }, answers: ["yes", "no"] };
    const first = await engine.score(request);
    const second = await engine.score(request);
    expect(second.usage.reusedTokens).toBe(second.usage.promptTokens - 1);
    expect(second.answers[0]?.logProbability).toBeCloseTo(first.answers[0]?.logProbability ?? 0, 1);
  });

  it("goes on with an answer that has begun, without a thought in between", async () => {
    const messages = [...user("Is a chart wanted?"), { role: "assistant" as const, content: "chart:" }];
    const { tokens } = await thinker.countTokens({ messages });
    const { usage } = await thinker.score({ prompt: { messages }, answers: [" yes", " no"] });
    expect(usage.promptTokens).toBe(tokens);
  });

  it("agrees with what is generated: the likeliest next text scores highest", async () => {
    const prompt = { messages: user("What comes next?") };
    const greedy = await collect(engine.generate({ prompt, sampling: steady, maxTokens: 1 }));
    const result = await engine.score({ prompt, answers: [greedy.text, "zq", "xj"] });
    const best = [...result.answers].sort((a, b) => b.logProbability - a.logProbability)[0];
    expect(best?.answer).toBe(greedy.text);
  });
});

describe("adapters", () => {
  it("each has a context of its own on the same weights", async () => {
    const ask = (context: string) =>
      collect(
        engine.generate({ prompt: { messages: user("Who are you?") }, context, sampling: steady, maxTokens: 30 }),
      );
    const [base, tuned, baseAgain] = [await ask("base"), await ask("tuned"), await ask("base")];
    expect(tuned.text).not.toBe(base.text);
    expect(baseAgain.text).toBe(base.text);
  });
});

describe("a context that is opened again", () => {
  it("is the one that is open, and takes nothing more", async () => {
    const { contextBytes } = await engine.ensureReady();
    expect(await engine.openContext({ name: "base", adapter: null })).toEqual({ contextBytes });
  });
});

describe("several requests at once", () => {
  it("each gets the answer it would get alone, and aborting one leaves the others untouched", async () => {
    const ask = (index: number, signal?: AbortSignal) =>
      collect(
        engine.generate(
          { prompt: { messages: user(`Question number ${index}`) }, sampling: steady, maxTokens: 60 },
          signal === undefined ? {} : { signal },
        ),
      );
    const alone = [await ask(0), await ask(1), await ask(2)];
    const abort = new AbortController();
    const doomed = ask(3, abort.signal);
    const together = Promise.all([ask(0), ask(1), ask(2)]);
    abort.abort();
    const answers = await together;
    // Batches of another size round differently; the beginning must still be the same.
    for (const [index, answer] of answers.entries())
      expect(answer.text.slice(0, 10)).toBe(alone[index]?.text.slice(0, 10));
    const ended = await doomed;
    expect(ended.done?.finishReason ?? ended.failed?.error.code).toBe("aborted");
  });

  it("more requests than sequences wait their turn", async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        collect(engine.generate({ prompt: { text: `n ${index}` }, sampling: { seed: index }, maxTokens: 10 })),
      ),
    );
    expect(answers.every((answer) => answer.done !== null)).toBe(true);
  });
});

describe("abort", () => {
  it("ends within one token, and the sequence stays usable", async () => {
    // Without the abort this answer would fill the context.
    const endless = { type: "array", items: { type: "string", minLength: 8, maxLength: 12 }, minItems: 400 };
    const abort = new AbortController();
    let atAbort = 0;
    const { done } = await collect(
      (async function* () {
        const events = engine.generate(
          { prompt: { messages: user("Long") }, sampling: { seed: 11 }, jsonSchema: endless },
          { signal: abort.signal },
        );
        for await (const event of events) {
          if (event.type === "text" && !abort.signal.aborted) {
            atAbort += event.tokens;
            abort.abort();
          }
          yield event;
        }
      })(),
    );
    expect(done?.finishReason).toBe("aborted");
    // What was generated while the abort was on its way still counts; the child itself stops at its next token.
    expect((done?.usage.completionTokens ?? Infinity) - atAbort).toBeLessThan(200);
    const next = await collect(engine.generate({ prompt: { messages: user("Long") }, maxTokens: 2 }));
    expect(next.done).not.toBeNull();
  });

  it("leaving the loop early frees the sequence", async () => {
    for (let round = 0; round < 8; round++) {
      for await (const event of engine.generate({ prompt: { text: `leave ${round}` } }))
        if (event.type === "text") break;
    }
    await until(() => engine.activeRequests === 0);
    const next = await collect(engine.generate({ prompt: { text: "still here" }, maxTokens: 2 }));
    expect(next.done).not.toBeNull();
  });
});

describe("saved states", () => {
  it("come back after a restart, and the prompt is not evaluated again", async () => {
    const messages = user("Remember this sentence, it is long enough to matter.");
    const path = join(folder, "state.kv");
    const first = await collect(engine.generate({ prompt: { messages }, sampling: steady, maxTokens: 20 }));
    const saved = await engine.saveState({ slot: first.done?.slot ?? 0, path });
    expect(saved.tokens).toBeGreaterThanOrEqual(first.done?.usage.promptTokens ?? 0);

    await engine.stop();
    const restored = await engine.restoreState({ path });
    expect(restored.tokens).toBe(saved.tokens);
    const second = await collect(engine.generate({ prompt: { messages }, sampling: steady, maxTokens: 20 }));
    expect(second.done?.usage.reusedTokens).toBe((second.done?.usage.promptTokens ?? 0) - 1);
    expect(second.text).toBe(first.text);
  });

  it.each([
    ["a changed byte", async (path: string) => flip(path)],
    ["a missing description", async (path: string) => writeFile(`${path}.json`, "{")],
    ["a truncated file", async (path: string) => writeFile(path, (await readFile(path)).subarray(0, 100))],
  ])("are refused with %s, and the engine lives on", async (_, damage) => {
    const path = join(folder, "damaged.kv");
    const answer = await collect(engine.generate({ prompt: { text: "to be damaged" }, maxTokens: 3 }));
    await engine.saveState({ slot: answer.done?.slot ?? 0, path });
    await damage(path);
    await expect(engine.restoreState({ path })).rejects.toMatchObject({ code: "state_file_invalid" });
    const next = await collect(engine.generate({ prompt: { text: "alive" }, maxTokens: 2 }));
    expect(next.done).not.toBeNull();
  });

  it("of another adapter are refused", async () => {
    const path = join(folder, "base.kv");
    const answer = await collect(engine.generate({ prompt: { text: "mine" }, maxTokens: 3 }));
    await engine.saveState({ slot: answer.done?.slot ?? 0, path });
    await expect(engine.restoreState({ path, context: "tuned" })).rejects.toMatchObject({ code: "state_file_invalid" });
  });

  async function flip(path: string): Promise<void> {
    const bytes = await readFile(path);
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 0xff;
    await writeFile(path, bytes);
  }
});

describe("a killed child", () => {
  it("ends the stream with one clear final event, and the next request starts it again", async () => {
    let last = null;
    for await (const event of engine.generate({ prompt: { messages: user("Doomed") } })) {
      last = event;
      if (event.type === "text" && engine.pid !== null) process.kill(engine.pid, "SIGKILL");
    }
    expect(last).toMatchObject({ type: "failed", error: { code: "engine_crashed", fields: { signal: "SIGKILL" } } });
    const next = await collect(engine.generate({ prompt: { messages: user("Again") }, maxTokens: 3 }));
    expect(next.done).not.toBeNull();
  });

  it("unload is by exit: the process is gone", async () => {
    const { pid } = await engine.ensureReady();
    await engine.stop();
    expect(isRunning(pid)).toBe(false);
    expect(engine.info).toBeNull();
  });
});

describe("a spare child", () => {
  it("is taken by the next start, and replaced", async () => {
    const spares = realChildren({ keepSpare: true });
    spares.replenish();
    const spare = spares.sparePid;
    const model = new EngineProcess(loadSettings(await ensureFixtureModel("tiny")), spares);
    const { pid } = await model.ensureReady();
    expect(pid).toBe(spare);
    await until(() => spares.sparePid !== null && spares.sparePid !== spare);
    const next = spares.sparePid as number;
    await model.close();
    await spares.close();
    expect(isRunning(next)).toBe(false);
  });
});
