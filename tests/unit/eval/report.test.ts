import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readEvaluations } from "../../../app/_server/evaluations";
import { parseEvaluation } from "../../../lib/wire";
import { readArguments } from "../../../training/eval/arguments";
import type { HeardTurn } from "../../../training/eval/hear";
import { wilson } from "../../../training/eval/interval";
import { evaluationLines } from "../../../training/eval/print";
import { summarize } from "../../../training/eval/report";
import type { CaseResult } from "../../../training/eval/run-case";
import { storeEvaluation, writeWhole } from "../../../training/eval/store";
import { exampleEvaluation } from "./example";

const folder = mkdtempSync(path.join(tmpdir(), "memwell-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("Wilson's interval", () => {
  it("is the one of the books", () => {
    // 8 of 10: 0.4902 to 0.9433 (Agresti and Coull 1998, and every calculator).
    expect(wilson(8, 10).low).toBeCloseTo(0.4902, 4);
    expect(wilson(8, 10).high).toBeCloseTo(0.9433, 4);
    expect(wilson(0, 10)).toMatchObject({ low: 0 });
    expect(wilson(10, 10).high).toBeCloseTo(1, 9);
    expect(wilson(0, 0)).toEqual({ passed: 0, n: 0, low: 0, high: 0 });
  });
});

const turn = (given: Partial<HeardTurn>): HeardTurn => ({
  message: "What is slope?",
  text: "Slope.",
  isWhole: true,
  failure: null,
  sent: undefined,
  decisions: [],
  toolCalls: [],
  toolTexts: [],
  firstTextMs: null,
  written: [],
  swaps: 0,
  contextSwaps: 0,
  peaks: new Map(),
  togetherBytes: 0,
  ...given,
});

describe("the report", () => {
  const decision = { question: "chart", labels: "composed", source: "model", truth: "no" } as const;
  const results: CaseResult[] = [
    {
      id: "one",
      kind: "explain",
      turns: [
        turn({ firstTextMs: 100, written: [{ role: "response", tokens: 30, ms: 1000 }], peaks: new Map([["m", 5]]) }),
        turn({ firstTextMs: 300, written: [{ role: "response", tokens: 10, ms: 1000 }], peaks: new Map([["m", 7]]) }),
      ],
      form: ["cut off"],
      decisions: [
        { ...decision, decided: "no" },
        { ...decision, decided: "yes" },
      ],
      marks: [
        ["correct", true],
        ["correct", false],
        ["as_asked", null],
      ],
    },
    {
      id: "two",
      kind: "talk",
      turns: [turn({ failure: "engine_crashed", swaps: 1 })],
      form: [],
      decisions: [],
      marks: [],
    },
  ];

  it("counts what was told and leaves out what was not", () => {
    const { rates, cases, turns, failures, form_problems: problems } = summarize(results);
    expect({ cases, turns, failures, problems }).toEqual({
      cases: 2,
      turns: 3,
      failures: [{ code: "engine_crashed", count: 1 }],
      problems: [{ problem: "cut off", count: 1 }],
    });
    expect(rates).toEqual([expect.objectContaining({ name: "correct", passed: 1, n: 2, goal: 0.9 })]);
  });

  it("has a confusion table for each question and decider", () => {
    expect(summarize(results).decisions).toEqual([
      expect.objectContaining({
        question: "chart",
        source: "model",
        passed: 1,
        n: 2,
        confusion: [
          { truth: "no", decided: "no", count: 1 },
          { truth: "no", decided: "yes", count: 1 },
        ],
      }),
    ]);
  });

  it("has times, the most memory, and swaps", () => {
    expect(summarize(results).speed).toMatchObject({
      first_token_ms: { p50: 100, p95: 300 },
      tokens_per_second: { response: 20, reasoning: null },
      peaks: [{ model: "m", bytes: 7 }],
      swaps: 1,
    });
  });

  it("is printed with its goals, reached and missed", () => {
    const lines = evaluationLines(exampleEvaluation()).join("\n");
    expect(lines).toContain("goal 95.0 %, missed");
    expect(lines).toMatch(/unknown topics declined.*10\/10.*goal 90\.0 %$/m);
    expect(lines).toContain("yes taken for no: 3");
  });
});

describe("stored evaluations", () => {
  it("are read back, the newest first; what is none is left out", async () => {
    const ids = ["2026-01-02T00-00-00-000Z", "2026-01-01T00-00-00-000Z", "2026-01-03T00-00-00-000Z"];
    for (const id of ids) await storeEvaluation(folder, exampleEvaluation({ id }));
    const evals = path.join(folder, "evals");
    await writeWhole(path.join(evals, "2026-02-01T00-00-00-000Z.json"), { version: 2 });
    await writeWhole(path.join(evals, "notes.json"), exampleEvaluation());
    await writeWhole(path.join(evals, "2026-02-02.json"), { ...exampleEvaluation(), filler: "x".repeat(1_000_001) });
    const read = await readEvaluations(folder);
    expect(read.map(({ id }) => id)).toEqual([...ids].sort().reverse());
    expect(read[0]).toEqual(exampleEvaluation({ id: ids[2]! }));
    expect(await readEvaluations(path.join(folder, "nowhere"))).toEqual([]);
  });

  it("are forgotten when there are many, the oldest first", async () => {
    const dataDir = path.join(folder, "many");
    for (let day = 0; day < 52; day += 1)
      await storeEvaluation(dataDir, exampleEvaluation({ id: `20260101-${String(day).padStart(3, "0")}` }));
    const names = readdirSync(path.join(dataDir, "evals")).sort();
    expect(names).toHaveLength(50);
    expect(names[0]).toBe("20260101-002.json");
  });

  it("are refused when anything in them is not as it should be", () => {
    const good = exampleEvaluation();
    expect(parseEvaluation(JSON.stringify(good))).toEqual(good);
    for (const bad of ["", "{", "[]", "null", JSON.stringify({ ...good, id: "../x" })])
      expect(parseEvaluation(bad)).toBeNull();
    expect(parseEvaluation(JSON.stringify({ ...good, rates: [{ ...good.rates[0], low: 2 }] }))).toBeNull();
  });
});

describe("what is typed behind npm run eval --", () => {
  it("is read, with paths that count from where it was typed", () => {
    const typed = [
      "--response",
      "a.gguf",
      "--reasoning",
      "hf:o/r",
      "--limit",
      "6",
      "--only",
      "talk,chart",
      "--seed",
      "3",
    ];
    expect(readArguments(typed, "/home/me")).toMatchObject({
      environment: { MEMWELL_RESPONSE_MODEL: "/home/me/a.gguf", MEMWELL_REASONING_MODEL: "hf:o/r" },
      limit: 6,
      only: ["talk", "chart"],
      seed: 3,
      measure: null,
    });
    expect(readArguments([], "/")).toMatchObject({ environment: {}, limit: null, only: [], seed: 1, domain: null });
  });

  it.each([
    [["--limit", "0"], "--limit"],
    [["--limit", "six"], "--limit"],
    [["--only", "everything"], "explain"],
    [["--measure", "feeling"], "taught"],
    [["--colour"], "colour"],
    [["surplus"], "surplus"],
  ])("%j is refused with %j in what is said", (typed, said) => {
    expect(readArguments(typed, "/")).toContain(said);
  });
});
