import { MessageChannel, Worker, type MessagePort } from "node:worker_threads";
import { MemwellError, messageOf, type ErrorRecord } from "../../errors";
import type { CacheScan } from "./contract";
import type { ScanOptions } from "./scan";
import type { CacheScanJson } from "./json";
import type { RevisionFiles, RevisionName } from "./revision-files";

/** What the thread is started with. */
export interface ScannerThreadData {
  role: "scanner";
  cacheDir: string;
  options: ScanOptions;
}

interface Answers {
  scan: CacheScan;
  list: CacheScanJson;
  files: RevisionFiles;
}

/** What the thread can be asked: all, all but the files, or the files of one revision. */
export type ScannerTask = { kind: "scan" } | { kind: "list" } | { kind: "files"; of: RevisionName };

/** A question brings the port for its one answer. */
export type ScannerQuestion = ScannerTask & { port: MessagePort };

type Reply<Answer> = { answer: Answer } | { error: ErrorRecord };

/**
 * A `CacheScanner` in a thread of its own, so that a scan never holds the event loop, and the next one is quick. The
 * thread starts with the first scan, and does not keep the process alive while nobody waits for it.
 */
export class ScannerThread {
  readonly #data: ScannerThreadData;
  #worker: Worker | null = null;
  #failure: unknown;

  /** `script`: the built `worker.ts`. */
  constructor(
    readonly script: string,
    cacheDir: string,
    options: Omit<ScanOptions, "helperScript"> = {},
  ) {
    this.#data = { role: "scanner", cacheDir, options: { ...options, helperScript: script } };
  }

  /**
   * The whole scan. Copying 60,000 files from thread to thread holds the event loop for 60 ms: who needs the figures
   * only asks for `list`. Throws `cache_not_found`, `cache_invalid`, and `aborted` when `signal` ends the wait.
   */
  scan(options: { signal?: AbortSignal } = {}): Promise<CacheScan> {
    return this.#ask({ kind: "scan" }, options.signal);
  }

  /** The scan without the files of its revisions, which is small. Throws as `scan` does. */
  list(options: { signal?: AbortSignal } = {}): Promise<CacheScanJson> {
    return this.#ask({ kind: "list" }, options.signal);
  }

  /** The files of one revision. Throws as `scan` does, and `repo_not_found`, `revision_not_found`. */
  files(of: RevisionName, options: { signal?: AbortSignal } = {}): Promise<RevisionFiles> {
    return this.#ask({ kind: "files", of }, options.signal);
  }

  /** Ends the thread; who still waits gets `internal`. The next scan starts another one. */
  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  async #ask<Kind extends keyof Answers>(
    task: ScannerTask & { kind: Kind },
    signal: AbortSignal | undefined,
  ): Promise<Answers[Kind]> {
    if (signal?.aborted) throw aborted();
    const { port1, port2 } = new MessageChannel();
    const question: ScannerQuestion = { ...task, port: port2 };
    (this.#worker ??= this.#start()).postMessage(question, [port2]);
    let onAbort = () => {};
    try {
      return await new Promise<Answers[Kind]>((resolve, reject) => {
        port1.once("message", (reply: Reply<Answers[Kind]>) => {
          if ("error" in reply) reject(MemwellError.fromRecord(reply.error));
          else resolve(reply.answer);
        });
        port1.once("close", () => reject(this.#ended()));
        onAbort = () => reject(aborted());
        signal?.addEventListener("abort", onAbort, { once: true });
      });
    } finally {
      signal?.removeEventListener("abort", onAbort);
      port1.close();
    }
  }

  #start(): Worker {
    this.#failure = undefined;
    // Without the flags of this process, which were meant for another program.
    const worker = new Worker(this.script, { workerData: this.#data, execArgv: [] });
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
      `The thread that scans the cache ended: ${why}. Ask again; if it stays so, build Memwell again with npm run build.`,
      { script: this.script },
      { cause: this.#failure },
    );
  }
}

/** One scan in a thread that is started for it and ended after it. Throws as `ScannerThread.scan` does. */
export async function scanInWorker(
  script: string,
  cacheDir: string,
  options: Omit<ScanOptions, "helperScript"> & { signal?: AbortSignal } = {},
): Promise<CacheScan> {
  const { signal, ...scanOptions } = options;
  const thread = new ScannerThread(script, cacheDir, scanOptions);
  try {
    return await thread.scan(signal === undefined ? {} : { signal });
  } finally {
    await thread.close();
  }
}

function aborted(): MemwellError {
  return new MemwellError("aborted", "The scan of the cache was cancelled. Ask again when you need it.");
}
