import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { EngineProcess, type ChatMessage, type Engine } from "../../lib/engine";
import { checkAdapterFitsModel, checkModelFile } from "../../lib/gguf";
import { findTrainingPython } from "../../scripts/lib/python.mjs";
import { formatOf, MARKS, renderMessages } from "../../training/format";
import { closeAtEnd, collect, loadSettings, realChildren, temporaryFolder } from "./support";

/*
 * The Python half of the training, where torch is installed: its own tests, and that llama.cpp computes of an exported model
 * what torch computes of it: the same tokens of a text, the same probabilities, the same words.
 */

const python = await findTrainingPython();
const run = promisify(execFile);
const runPython = (...given: string[]) =>
  run(python ?? "", given, { cwd: resolve("training"), env: { ...process.env, OMP_NUM_THREADS: "1" } });

const MESSAGES: ChatMessage[][] = [
  [{ role: "user", content: "What is photosynthesis?" }],
  [
    { role: "system", content: "You are a kind, brief tutor.\nGuide; do not solve homework." },
    { role: "user", content: "what's 12*7, and I'M sure it isn't 1,234.50 €?" },
  ],
  [
    {
      role: "user",
      content:
        "  two  spaces,\ttab\n\n\nlines \r\n and_underscores <|end|> <|user|>\u00a0é naïve Ünïcödé 日本語 👋🏽 ½ x²",
    },
  ],
  [{ role: "user", content: "$x^2 + \\frac{1}{2}$ we'll they've I'd don'T 'quoted' ''' ...!?\n- list\n" }],
  [
    { role: "system", content: "Label the student's last message." },
    { role: "user", content: "Student: quiz me on cells\nTutor: Question: …\nStudent: B" },
    { role: "assistant", content: "followup:" },
  ],
];
/** Each as a question, and with the answer begun. */
const PROMPTS = MESSAGES.flatMap((messages) =>
  messages.at(-1)?.role === "assistant"
    ? [messages]
    : [messages, [...messages, { role: "assistant" as const, content: "The answer is" }]],
);
const ANSWERS = [" yes", " no", "Photosynthesis is 42."];

interface Expected {
  tokens: number;
  logProbabilities: number[];
  /** The likeliest tokens, up to where rounding could choose another. */
  greedy: string;
  greedyTokens: number;
}

describe.skipIf(python === null)("the training in Python", () => {
  const folder = temporaryFolder();
  let expected: Record<"base" | "adapter", Expected[]>;
  let engine: Engine;
  const source = realChildren();
  closeAtEnd({ close: async () => engine?.close() }, source);

  beforeAll(async () => {
    const cases = PROMPTS.map((messages) => {
      const open: boolean = messages.at(-1)?.role === "assistant";
      const parts = renderMessages(messages, { open }).map(({ text }) => text);
      return { parts: open ? parts : [...parts, MARKS.assistant], answers: ANSWERS };
    });
    const about = { format: formatOf({ thinks: true }), topics: [], curriculumSha256: "0".repeat(64), seed: "1" };
    writeFileSync(join(folder, "cases.json"), JSON.stringify({ about, cases }));
    await runPython("-m", "train.fixture", folder);
    expected = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")) as typeof expected;
    const contexts = [
      { name: "base", adapter: null },
      { name: "adapter", adapter: { path: join(folder, "adapter.gguf"), scale: 1 } },
    ];
    const settings = loadSettings(join(folder, "model.gguf"), { contexts, sequences: 1 });
    engine = new EngineProcess(settings, source);
    await engine.ensureReady();
  });

  it("passes its own tests", async () => {
    const { stderr } = await runPython("-m", "unittest", "discover", "-s", "train/tests", "-t", ".");
    expect(stderr).toMatch(/\nOK/);
  });

  it("writes files that are whole, with a thought segment, and an adapter that fits", async () => {
    const summary = await checkModelFile(join(folder, "model.gguf"));
    expect(summary).toMatchObject({ architecture: "llama", quantization: "F32", thinks: true });
    expect((await checkModelFile(join(folder, "model-q8.gguf"))).quantization).toBe("Q8_0");
    await checkAdapterFitsModel(join(folder, "adapter.gguf"), join(folder, "model.gguf"));
    expect(engine.info?.thinks).toBe(true);
  });

  it("has something to compare", () => {
    const all = [...expected.base, ...expected.adapter];
    expect(all.filter(({ greedyTokens }) => greedyTokens > 1).length).toBeGreaterThan(all.length / 3);
  });

  it.each(PROMPTS.map((messages, index) => ({ index, messages })))(
    "computes of prompt $index what torch computes",
    async ({ index, messages }) => {
      for (const context of ["base", "adapter"] as const) {
        const wanted = expected[context][index] as Expected;
        const { tokens } = await engine.countTokens({ messages });
        expect(tokens).toBe(wanted.tokens);
        if (wanted.greedyTokens > 0) {
          const request = {
            prompt: { messages },
            context,
            sampling: { temperature: 0 },
            maxTokens: wanted.greedyTokens,
          };
          const { text, done } = await collect(engine.generate(request));
          expect(text.trim()).toBe(wanted.greedy.trim());
          expect(done?.usage.promptTokens).toBe(wanted.tokens);
        }
        // Otherwise an empty thought would come first.
        if (messages.at(-1)?.role !== "assistant") continue;
        const { answers } = await engine.score({ prompt: { messages }, context, answers: ANSWERS });
        for (const [at, { logProbability }] of answers.entries())
          expect(Math.abs(logProbability - (wanted.logProbabilities[at] ?? 0))).toBeLessThan(0.05);
      }
    },
  );
});
