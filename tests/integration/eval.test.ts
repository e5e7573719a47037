import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { loadConfig } from "../../lib/runtime";
import { parseEvaluation } from "../../lib/wire";
import { evaluate, type EvaluationRequest } from "../../training/eval/evaluate";
import { evaluationLines } from "../../training/eval/print";
import { ensureFixtureAdapter, ensureFixtureModel } from "../fixtures/models";
import { childScript, temporaryFolder } from "./support";

/** Models that speak nonsense: what is looked at is that the report is whole, not what it says. */
const folder = temporaryFolder();
const [response, reasoning] = [await ensureFixtureModel("tiny"), await ensureFixtureModel("tinyReasoning")];

function requestOf(changes: Partial<EvaluationRequest> = {}, settings: Record<string, string> = {}): EvaluationRequest {
  const config = loadConfig({
    MEMWELL_RESPONSE_MODEL: response,
    MEMWELL_REASONING_MODEL: reasoning,
    MEMWELL_DATA_DIR: join(folder, "data"),
    MEMWELL_THREADS: "1",
    ...settings,
  });
  const asked = { domain: null, limit: 6, only: [], seed: 1, measure: null, maxTokens: 20 };
  return { config, folder: resolve("training/curriculum"), ...asked, ...changes };
}

const run = (request: EvaluationRequest, signal = new AbortController().signal) =>
  evaluate(request, { signal, childScript });

describe("an evaluation of models that speak nonsense", () => {
  it("gives a whole report, of the whole agent, with bad scores", async () => {
    const told: [number, number][] = [];
    const said: string[] = [];
    const { evaluation, results } = await evaluate(requestOf(), {
      signal: new AbortController().signal,
      childScript,
      onProgress: (done, total) => told.push([done, total]),
      say: (line) => said.push(line),
    });
    expect(parseEvaluation(JSON.stringify(evaluation))).toEqual(evaluation);
    expect(evaluation).toMatchObject({ cases: 6, measure: "facts", failures: [], limit: 6, seed: 1 });
    expect(evaluation.models.map(({ role }) => role)).toEqual(["reasoning", "response"]);
    expect(evaluation.models.every(({ parameters }) => (parameters ?? 0) > 0)).toBe(true);
    const correct = evaluation.rates.find(({ name }) => name === "correct");
    expect(correct).toMatchObject({ passed: 0, goal: 0.9 });
    expect(correct?.high).toBeLessThan(1);
    // The first question of a practice case is nonsense; the grading is tried on one of the curriculum.
    const practice = results.find(({ kind }) => kind === "practice");
    expect(practice?.turns).toHaveLength(3);
    const sources = new Set(evaluation.decisions.map(({ source }) => source));
    expect(sources.has("known")).toBe(true);
    expect(sources.has("model") || sources.has("rule")).toBe(true);
    const names = evaluation.rates.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["decisions", "decisions_by_rules_alone", "practice_then_grade"]));
    expect(evaluation.speed.first_token_ms).not.toBeNull();
    expect(evaluation.speed.peaks.length).toBeGreaterThan(0);
    expect(evaluation.speed.together_bytes).toBeGreaterThan(0);
    expect(told.at(-1)).toEqual([6, 6]);
    expect(said).toHaveLength(2);
    expect(evaluationLines(evaluation).join("\n")).toContain("decisions right");
    // Its turns were recorded in a folder of their own, which is gone.
    expect(readdirSync(join(folder, "data", "evals"))).toEqual([]);
  });

  it("says the same again with the same seed", async () => {
    const texts = async (): Promise<string[]> => {
      const { results } = await run(requestOf({ limit: 2, only: ["explain", "chart"], measure: "taught" }));
      return results.flatMap(({ turns }) => turns.map(({ message, text }) => `${message}: ${text}`));
    };
    const first = await texts();
    expect(first).toHaveLength(2);
    expect(await texts()).toEqual(first);
  });
});

describe("an evaluation of a domain", () => {
  /** A curriculum with one topic twice: the base's and the domain's. */
  async function withDomain(domain: string, changes: Partial<EvaluationRequest>): ReturnType<typeof run> {
    const own = join(folder, `with-${domain}`);
    const topic = resolve("training/curriculum/topics/algebra/slope.yaml");
    for (const place of ["topics/algebra", `domains/${domain}`]) {
      mkdirSync(join(own, place), { recursive: true });
      copyFileSync(topic, join(own, place, "slope.yaml"));
    }
    copyFileSync(resolve("training/curriculum/talk.yaml"), join(own, "talk.yaml"));
    const settings = { MEMWELL_DOMAINS: `${domain}=${await ensureFixtureAdapter("tiny")}` };
    return run(requestOf({ folder: own, ...changes }, settings));
  }

  it("asks its adapter what it is taught, and nothing beside", async () => {
    const { evaluation, results } = await withDomain("business", { domain: "business", limit: 3 });
    expect(evaluation).toMatchObject({ domain: "business", cases: 3, failures: [] });
    expect(evaluation.models.at(-1)).toMatchObject({ role: "response", id: expect.stringMatching(/-business$/) });
    expect(results.every(({ id }) => id.startsWith("business/slope"))).toBe(true);
  });

  it("has it chosen in each turn where nobody names one, and tells what was taken for what", async () => {
    // Such a model takes the shortest answer for the likeliest by far, whatever is asked.
    const { evaluation, results } = await withDomain("law", { only: ["confused"], limit: null });
    expect(evaluation).toMatchObject({ domain: "auto", failures: [] });
    expect(results.map(({ id }) => id).filter((id) => id.endsWith(" confused"))).toEqual([
      "algebra/slope confused",
      "law/slope confused",
    ]);
    const chosen = evaluation.decisions.filter(({ question }) => question === "domain");
    expect(chosen).toMatchObject([{ labels: "composed", source: "model" }]);
    expect(chosen[0]?.confusion).toEqual(
      expect.arrayContaining([
        { truth: "general", decided: "law", count: expect.any(Number) },
        { truth: "law", decided: "law", count: expect.any(Number) },
      ]),
    );
  });
});

describe("an evaluation that cannot be", () => {
  it("for want of a model is refused before anything is asked", async () => {
    const missing = requestOf({}, { MEMWELL_RESPONSE_MODEL: join(folder, "nowhere.gguf") });
    await expect(run(missing)).rejects.toMatchObject({ name: "MemwellError", code: "model_file_missing" });
  });

  it("for a model file that is none", async () => {
    const file = join(folder, "words.gguf");
    writeFileSync(file, "words");
    const request = requestOf({}, { MEMWELL_REASONING_MODEL: file });
    await expect(run(request)).rejects.toMatchObject({ name: "MemwellError", code: "model_file_invalid" });
  });

  it("for a curriculum that cannot be read, which is named", async () => {
    const curriculum = join(folder, "curriculum");
    await expect(run(requestOf({ folder: curriculum }))).rejects.toMatchObject({ code: "ENOENT" });
    mkdirSync(join(curriculum, "topics", "algebra"), { recursive: true });
    writeFileSync(join(curriculum, "topics", "algebra", "slope.yaml"), "name: [slope");
    const refused = { name: "CurriculumError", file: "topics/algebra/slope.yaml" };
    await expect(run(requestOf({ folder: curriculum }))).rejects.toMatchObject(refused);
  });

  it("for a domain that nobody configured or teaches", async () => {
    const refused = { name: "MemwellError", code: "invalid_request", fields: { domain: "cooking" } };
    await expect(run(requestOf({ domain: "cooking" }))).rejects.toMatchObject(refused);
  });

  it("ends when it is stopped, and leaves nothing behind", async () => {
    const stop = new AbortController();
    const stopped = evaluate(requestOf({ limit: 50 }), {
      signal: stop.signal,
      childScript,
      onProgress: () => stop.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: "aborted" });
    expect(readdirSync(join(folder, "data", "evals"))).toEqual([]);
  });
});
