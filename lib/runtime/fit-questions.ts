import type { Config } from "../config";
import { MemwellError } from "../errors";
import { readProcessMemory, sumProcessMemory } from "../memory";
import { fitModel, type FitReport } from "./fit";

/** Headers are large, and reading one holds up the server for some ms: whoever asks more is refused. */
const MOST_WAITING = 8;

/** Answers whether models would fit, one question at a time; whoever asks the same meanwhile shares the answer. */
export class FitQuestions {
  readonly #asked = new Map<string, Promise<FitReport>>();
  #last: Promise<unknown> = Promise.resolve();

  /** @param running the models' processes now, and this server's own */
  constructor(
    private readonly config: Config,
    private readonly running: () => { models: { ids: string[]; pid: number }[]; ownPids: number[] },
  ) {}

  /** @throws MemwellError `queue_full`, and what `fitModel` throws */
  ask(reference: string, contextSize: number | undefined): Promise<FitReport> {
    const question = `${contextSize ?? ""} ${reference}`;
    const asked = this.#asked.get(question);
    if (asked !== undefined) return asked;
    if (this.#asked.size >= MOST_WAITING) return Promise.reject(tooMany());
    const answer = this.#last.then(() => this.#answer(reference, contextSize));
    this.#asked.set(question, answer);
    this.#last = answer.catch(() => {}).finally(() => this.#asked.delete(question));
    return answer;
  }

  #answer(reference: string, contextSize: number | undefined): Promise<FitReport> {
    const { models, ownPids } = this.running();
    return fitModel(this.config, reference, {
      contextSize,
      running: {
        models: models.map(({ ids, pid }) => ({ ids, pid, bytes: readProcessMemory(pid)?.anonymous ?? 0 })),
        ownBytes: sumProcessMemory(ownPids).anonymous,
      },
    });
  }
}

function tooMany(): MemwellError {
  return new MemwellError(
    "queue_full",
    `${MOST_WAITING} questions of this kind wait for an answer already, which is as many as may. Ask again in a while.`,
    { limit: MOST_WAITING },
  );
}
