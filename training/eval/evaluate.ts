import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { MemwellError } from "../../lib/errors";
import { createRuntime, type Config, type Runtime } from "../../lib/runtime";
import type { Evaluation } from "../../lib/wire";
import { readCurriculum } from "../data/read-curriculum";
import { readTalk } from "../data/talk";
import { askedDomain } from "./asked-domain";
import type { CaseKind } from "./case";
import { chooseCases } from "./choose-cases";
import { heldOutSet } from "./held-out";
import { proportionOf } from "./interval";
import { Judge, topicsKnownIn, type Measure } from "./measures/judge";
import { measureFor, openModels } from "./models";
import { summarize } from "./report";
import { runCase, type CaseResult } from "./run-case";
import { evaluationsFolder } from "./store";

export interface EvaluationRequest {
  /** Whose models are evaluated; the runtime gets a data folder of its own below its `dataDir`, which is removed. */
  config: Config;
  /** Of the curriculum. */
  folder: string;
  /** See `askedDomain`. */
  domain: string | null;
  limit: number | null;
  only: readonly CaseKind[];
  seed: number;
  /** Null: as fits the response model. */
  measure: Measure | null;
  /** Of an answer; one that is longer counts as cut off. */
  maxTokens: number;
}

export interface EvaluationParts {
  signal: AbortSignal;
  /** Told what goes on. */
  say?: (line: string) => void;
  /** Told after each case. */
  onProgress?: (done: number, total: number) => void;
  /** The built engine child; `dist/engine-child.js` of the working folder when absent. */
  childScript?: string;
}

/**
 * Asks the configured models the held-out set, through the whole agent and the real engine, one turn after the other.
 *
 * @throws CurriculumError, a file system error for a folder that cannot be read; MemwellError what keeps a model from
 *   loading, `invalid_request` for a domain that nobody configured, `aborted`
 */
export async function evaluate(
  request: EvaluationRequest,
  parts: EvaluationParts,
): Promise<{ evaluation: Evaluation; results: CaseResult[] }> {
  const { folder, limit, only, seed, maxTokens } = request;
  const { signal, say = () => {}, onProgress = () => {} } = parts;
  const beganAt = Date.now();
  const curriculum = await readCurriculum(folder);
  const talk = await readTalk(path.join(folder, "talk.yaml"));
  return withRuntime(request, parts, async (runtime) => {
    const domain = askedDomain(request.domain, runtime.domains);
    const cases = chooseCases(heldOutSet({ curriculum, talk, seed, domain }), { only, limit, seed });
    if (cases.length === 0) throw nothingToAsk(domain.only);
    const models = await openModels(runtime, { domain: domain.only, signal, say });
    const measure = request.measure ?? measureFor(models, curriculum.sha256, say);
    const topics = topicsKnownIn(curriculum, domain.only === null ? domain.choices : [domain.only]);
    const judge = new Judge(measure, topics, talk);
    const bench = {
      runtime,
      judge,
      topicNames: topics.flatMap(({ name, names }) => [name, ...names]).filter((name) => name.length > 3),
      seed,
      domains: domain.choices,
      settings: {
        sampling: { temperature: 0, seed },
        maxTokens,
        ...(domain.setting !== null && { domain: domain.setting }),
      },
      signal,
    };
    const results: CaseResult[] = [];
    for (const one of cases) {
      results.push(await runCase(bench, one));
      onProgress(results.length, cases.length);
    }
    const check = judge.check();
    const evaluation: Evaluation = {
      version: 1,
      id: new Date(beganAt).toISOString().replace(/[:.]/g, "-"),
      began_at: beganAt,
      took_ms: Date.now() - beganAt,
      seed,
      domain: domain.setting,
      limit,
      only: [...only],
      curriculum: { sha256: curriculum.sha256, topics: curriculum.topics.length },
      models,
      measure,
      measure_check:
        check === null ? null : { explained: proportionOf(check.explained), simpler: proportionOf(check.simpler) },
      ...summarize(results),
    };
    return { evaluation, results };
  });
}

/** Turns that nobody asked must not count in the owner's figures: they are recorded in a folder that goes with them. */
async function withRuntime<Result>(
  { config }: EvaluationRequest,
  { childScript }: EvaluationParts,
  use: (runtime: Runtime) => Promise<Result>,
): Promise<Result> {
  const dataDir = path.join(evaluationsFolder(config.dataDir), `.running-${randomUUID()}`);
  await mkdir(dataDir, { recursive: true });
  try {
    const options = { keepSpare: false, ...(childScript !== undefined && { childScript }) };
    const runtime = await createRuntime({ ...config, dataDir }, options);
    try {
      return await use(runtime);
    } finally {
      await runtime.close();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

function nothingToAsk(domain: string | null): MemwellError {
  const where = domain === null ? "the curriculum" : `the domain "${domain}"`;
  return new MemwellError("invalid_request", `Nothing of ${where} is of the kinds asked for. Ask for others.`, {
    domain,
  });
}
