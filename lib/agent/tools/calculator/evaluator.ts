import { Worker } from "node:worker_threads";
import { abortedTool } from "../refusal";
import { FUNCTIONS } from "./names";
import { ANSWERS, reply, type Answers, type Question } from "./protocol";
import { CALCULATOR, unanswered } from "./refuse";
import { WORKER_SOURCE } from "./worker-source";

export interface EvaluatorOptions {
  /** How long one question may take, in ms. */
  timeLimitMs?: number;
  /** How long the thread may take to start, in ms: it reads mathjs, which a busy machine does slowly. */
  startLimitMs?: number;
  /** What the thread's heap may hold, in MiB. It holds 17 when it is idle. */
  memoryLimitMiB?: number;
}

/** mathjs could not do it; `message` is its own. Whoever asks turns it into words or tries another way. */
export class EvaluationFailure extends Error {}

/**
 * mathjs in a thread of its own, with a time limit for each question and a limit of memory. Questions are answered one
 * after the other. The thread stays for the next one and does not keep the process alive; one that takes too long, needs
 * too much memory, or is stopped by its asker is ended, and the next question starts another.
 */
export class Evaluator {
  readonly #timeLimitMs: number;
  readonly #startLimitMs: number;
  readonly #memoryLimitMiB: number;
  #worker: Promise<Worker> | null = null;
  /** The thread started last: the end of an earlier one is no news. */
  #latest: Worker | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #lastId = 0;

  constructor({ timeLimitMs = 1000, startLimitMs = 15_000, memoryLimitMiB = 96 }: EvaluatorOptions = {}) {
    this.#timeLimitMs = timeLimitMs;
    this.#startLimitMs = startLimitMs;
    this.#memoryLimitMiB = memoryLimitMiB;
  }

  /** Starts the thread ahead of the first question. */
  async warm(): Promise<void> {
    await this.#ready();
  }

  /**
   * Throws `EvaluationFailure` when mathjs refuses, `tool_failed` when a limit ended the question, and `aborted`. The
   * time limit begins when the question's turn has come.
   */
  async ask<Kind extends keyof Answers>(
    question: Question & { kind: Kind },
    signal?: AbortSignal,
  ): Promise<Answers[Kind]> {
    const turn = this.#last.then(() => this.#askNow(question, signal));
    this.#last = turn.catch(() => {});
    const answer: unknown = await (signal === undefined ? turn : unlessAborted(turn, signal));
    return ANSWERS[question.kind].parse(answer);
  }

  /** Ends the thread. The next question starts another one. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await (await worker?.catch(() => null))?.terminate();
  }

  async #askNow(question: Question, signal?: AbortSignal): Promise<unknown> {
    if (signal?.aborted) throw abortedTool(CALCULATOR);
    const worker = await this.#ready();
    const id = ++this.#lastId;
    const tooLong = unanswered(
      `The calculation took longer than ${this.#timeLimitMs} ms and was stopped. Ask for a smaller one.`,
    );
    try {
      const pending = answerOf(worker, id, { limitMs: this.#timeLimitMs, tooLong, signal });
      worker.postMessage({ id, ...question });
      return await pending;
    } catch (thrown) {
      // A failure is an answer; after anything else the thread may still be busy.
      if (!(thrown instanceof EvaluationFailure)) await this.close();
      throw thrown;
    }
  }

  async #ready(): Promise<Worker> {
    const starting = (this.#worker ??= this.#start());
    try {
      return await starting;
    } catch (thrown) {
      if (this.#worker === starting) this.#worker = null;
      throw thrown;
    }
  }

  async #start(): Promise<Worker> {
    const worker = new Worker(WORKER_SOURCE, {
      eval: true,
      workerData: {
        // The one file of the whole library: a third of the time and half the memory of its modules.
        mathjs: libraryPath(),
        functions: [...new Set(FUNCTIONS.values())],
      },
      // Without the flags and secrets of this process.
      execArgv: [],
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: this.#memoryLimitMiB, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
    });
    worker.unref();
    this.#latest = worker;
    worker.once("exit", () => {
      if (this.#latest === worker) this.#worker = null;
    });
    const tooLong = unanswered(`The calculator did not start within ${this.#startLimitMs} ms. Ask again.`);
    try {
      await answerOf(worker, 0, { limitMs: this.#startLimitMs, tooLong, signal: undefined });
      return worker;
    } catch (thrown) {
      await worker.terminate();
      throw thrown;
    }
  }
}

/** A bundler knows `createRequire` by its import, and would put a number of its own in place of the path. */
function libraryPath(): string {
  const { createRequire } = process.getBuiltinModule("node:module");
  return createRequire(import.meta.url).resolve("mathjs/lib/browser/math.js");
}

interface Limits {
  limitMs: number;
  tooLong: Error;
  signal: AbortSignal | undefined;
}

/** The answer to question `id`; its timer keeps the process alive while somebody waits. */
async function answerOf(worker: Worker, id: number, { limitMs, tooLong, signal }: Limits): Promise<unknown> {
  const listeners = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let remove = () => {};
  try {
    return await new Promise((resolve, reject) => {
      const onMessage = (message: unknown) => {
        const { id: answered, answer, failure } = reply.parse(message);
        if (answered !== id) return;
        if (failure === undefined) resolve(answer);
        else reject(new EvaluationFailure(failure));
      };
      const onError = (cause: unknown) => reject(ended(cause));
      const onExit = () => reject(ended());
      worker.on("message", onMessage).on("error", onError).on("exit", onExit);
      remove = () => worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      timer = setTimeout(() => reject(tooLong), limitMs);
      signal?.addEventListener("abort", () => reject(abortedTool(CALCULATOR)), { signal: listeners.signal });
    });
  } finally {
    clearTimeout(timer);
    listeners.abort();
    remove();
  }
}

function ended(cause?: unknown) {
  const isMemory = cause instanceof Error && "code" in cause && cause.code === "ERR_WORKER_OUT_OF_MEMORY";
  const why = isMemory ? "needed more memory than it may have" : "was stopped";
  return unanswered(`The calculation ${why}. Ask for a smaller one.`, cause);
}

/** Who waits in the queue is not kept there by those before. */
async function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const listeners = new AbortController();
  try {
    return await Promise.race([
      promise,
      new Promise<never>((_, reject) => {
        if (signal.aborted) reject(abortedTool(CALCULATOR));
        signal.addEventListener("abort", () => reject(abortedTool(CALCULATOR)), { signal: listeners.signal });
      }),
    ]);
  } finally {
    listeners.abort();
  }
}
