import type { Dirent } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { ReadingContext, RepoReading } from "./entry";
import { Witness, type WitnessData } from "./witness";
import type { SharedPayloads } from "./shared-store";

/** What the helper's thread is started with. */
export interface HelperData {
  role: "helper";
  root: string;
  payloads: SharedPayloads;
  coarsestTimeMs: number | null;
}

/** What it reads, by the names of folders; it says `[]` once it has started. */
export type HelperQuestion = string[];
export type HelperAnswer = { reading: RepoReading; witness: WitnessData | null }[];

/** Where the helper's work comes from and goes to. */
export interface HelperWork {
  /** The next repositories to read; none: the work is done. */
  take: () => Dirent[];
  give: (entry: Dirent, reading: RepoReading) => void;
}

/** Two shares are under way at a time, so that the helper has the next one when it has read one. */
const UNDER_WAY = 2;

/** A second thread for one scan: it reads shares of the repositories as long as there are some. */
export class ScanHelper {
  readonly #worker: Worker;
  readonly #underWay: Dirent[][] = [];
  readonly #ended: Promise<unknown>;
  #isDone = false;

  constructor(
    script: string,
    private readonly context: ReadingContext,
    private readonly work: HelperWork,
  ) {
    const { root, payloads, repos } = context;
    const data: HelperData = { role: "helper", root, payloads, coarsestTimeMs: repos.coarsestTimeMs };
    this.#worker = new Worker(script, { workerData: data, execArgv: [] });
    this.#ended = once(this.#worker, "exit").catch(() => {});
    this.#worker.on("message", (answer: HelperAnswer) => this.#onAnswer(answer));
    // A helper that fails is no failure of the scan: what it has not read is read here.
    this.#worker.on("error", () => {});
  }

  /** Waits for what is under way; answers what the helper has left, which is all of it when it could not start. */
  async end(): Promise<Dirent[]> {
    this.#isDone = true;
    if (this.#underWay.length > 0) await this.#ended;
    return this.#underWay.flat();
  }

  /** At once, whatever is under way; nothing happens when it has ended. */
  stop(): void {
    this.#isDone = true;
    void this.#worker.terminate();
  }

  #onAnswer(answer: HelperAnswer): void {
    const share = answer.length === 0 ? [] : (this.#underWay.shift() ?? []);
    for (const [index, entry] of share.entries()) {
      const read = answer[index];
      if (read !== undefined) this.#give(entry, read);
    }
    while (!this.#isDone && this.#underWay.length < UNDER_WAY) this.#ask();
    if (this.#isDone && this.#underWay.length === 0) void this.#worker.terminate();
  }

  #ask(): void {
    const share = this.work.take();
    if (share.length === 0) {
      this.#isDone = true;
      return;
    }
    this.#underWay.push(share);
    this.#worker.postMessage(share.map(({ name }) => name) satisfies HelperQuestion);
  }

  #give(entry: Dirent, { reading, witness }: HelperAnswer[number]): void {
    const path = join(this.context.root, entry.name);
    if (witness !== null) this.context.repos.learn(path, reading, Witness.fromData(witness));
    this.work.give(entry, reading);
  }
}
