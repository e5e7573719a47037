import { MessageChannel, Worker, type MessagePort } from "node:worker_threads";
import { MemwellError, messageOf } from "../../errors";
import { CANCEL, type StorageQuestion, type StorageReply, type StorageTasks, type StorageThreadData } from "./tasks";

/** What the thread needs lives as long as it does, and no longer than this without a question. */
const IDLE_MS = 120_000;
/** A report of a million files fits; what does not ends the thread and not the server. MiB. */
const MOST_MEMORY = 1024;

interface Asking<Kind extends keyof StorageTasks> {
  signal?: AbortSignal | undefined;
  onProgress?: (progress: StorageTasks[Kind]["progress"]) => void;
}

/**
 * A thread that audits folders, remembers the last audit, and answers questions about it, so that none of that holds the
 * server's event loop or stays in its memory. It starts with the first question.
 */
export class StorageThread {
  readonly #data: StorageThreadData;
  #worker: Worker | null = null;
  #failure: unknown;
  #idle: NodeJS.Timeout | undefined;
  #asking = 0;

  /** @param script the built `worker.ts` */
  constructor(
    readonly script: string,
    keptIn: string,
  ) {
    this.#data = { keptIn };
  }

  /** @throws MemwellError what the task throws; `aborted` when the signal ended it; `internal` when the thread ended */
  async ask<Kind extends keyof StorageTasks>(
    task: { kind: Kind } & StorageTasks[Kind]["asked"],
    { signal, onProgress }: Asking<Kind> = {},
  ): Promise<StorageTasks[Kind]["answer"]> {
    clearTimeout(this.#idle);
    this.#asking += 1;
    const { port1, port2 } = new MessageChannel();
    const onAbort = (): void => port1.postMessage(CANCEL);
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      // The types of a task and of its answer belong together by the task's kind, which no cast of one value can say.
      const question = { ...task, port: port2 } as unknown as StorageQuestion;
      (this.#worker ??= this.#start()).postMessage(question, [port2]);
      if (signal?.aborted) onAbort();
      return await this.#answerOn<Kind>(port1, onProgress);
    } finally {
      signal?.removeEventListener("abort", onAbort);
      port1.close();
      this.#asking -= 1;
      if (this.#asking === 0) this.#idle = setTimeout(() => void this.close(), IDLE_MS).unref();
    }
  }

  /** Ends the thread; who still waits gets `internal`. The next question starts another one. */
  async close(): Promise<void> {
    clearTimeout(this.#idle);
    await this.#worker?.terminate();
  }

  #answerOn<Kind extends keyof StorageTasks>(
    port: MessagePort,
    onProgress: Asking<Kind>["onProgress"],
  ): Promise<StorageTasks[Kind]["answer"]> {
    return new Promise((resolve, reject) => {
      port.on("message", (reply: StorageReply) => {
        if ("progress" in reply) onProgress?.(reply.progress as StorageTasks[Kind]["progress"]);
        else if ("error" in reply) reject(MemwellError.fromRecord(reply.error));
        else resolve(reply.answer as StorageTasks[Kind]["answer"]);
      });
      port.once("close", () => reject(this.#ended()));
    });
  }

  #start(): Worker {
    this.#failure = undefined;
    // Without the flags of this process, which were meant for another program.
    const worker = new Worker(this.script, {
      workerData: this.#data,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY },
    });
    // What keeps the process alive is the port that an answer is awaited on.
    worker.unref();
    worker.once("error", (failure) => (this.#failure = failure));
    worker.once("exit", () => {
      if (this.#worker === worker) this.#worker = null;
    });
    return worker;
  }

  #ended(): MemwellError {
    const why = this.#failure === undefined ? "it was closed" : messageOf(this.#failure);
    return new MemwellError(
      "internal",
      `The thread that audits folders ended: ${why}. Ask again; if it stays so, audit the folder with memwell audit, which says more.`,
      {},
      { cause: this.#failure },
    );
  }
}
