import { MemwellError, type ErrorRecord } from "../errors";
import type { EngineChild } from "./child-process";
import type { EngineStep, GenerateEvent, LoadProgress } from "./contract";
import { EventQueue } from "./event-queue";
import type { ChildMessage, Command } from "./protocol";

/** Unread text of one generation, in UTF-16 units with some for each event, before the child counts as flooding. */
const MAX_UNREAD = 32 * 1024 * 1024;
const EVENT_WEIGHT = 64;

interface Handler {
  /** True when this was the last message of the request. */
  onMessage(message: ChildMessage): boolean;
  fail(error: ErrorRecord): void;
}

interface Entry extends Handler {
  abortTimer?: NodeJS.Timeout;
}

type WithoutId<C> = C extends { id: number } ? Omit<C, "id"> : never;
export type EngineRequest = WithoutId<Exclude<Command, { type: "abort" }>>;

/**
 * The requests one child is working on. Each ends exactly once: by the child's answer, or with everybody else's when the
 * child ends. An abort is a message like any other; the request ends when the child has answered it.
 */
export class RequestTable {
  private readonly entries = new Map<number, Entry>();
  private nextId = 1;
  private failure: ErrorRecord | null = null;
  private heard = false;
  private prefilled = 0;

  constructor(
    private readonly child: EngineChild,
    private readonly abortWithinMs: number,
  ) {
    child.onMessage = (message) => this.deliver(message);
  }

  get size(): number {
    return this.entries.size;
  }

  /** Whether the child has said anything about any request yet. */
  get hasHeard(): boolean {
    return this.heard;
  }

  /** The most tokens one request had to evaluate of its prompt. */
  get largestPrefill(): number {
    return this.prefilled;
  }

  /** The events of one generation; the last one is `done` or `failed`. Leaving the loop early aborts it. */
  async *stream(
    request: EngineRequest,
    options: { signal?: AbortSignal | undefined; onStep?: ((step: EngineStep) => void) | undefined },
  ): AsyncGenerator<GenerateEvent, void, void> {
    const { signal, onStep } = options;
    const queue = new EventQueue<GenerateEvent>(MAX_UNREAD, weigh);
    const finish = (event: GenerateEvent): void => {
      queue.push(event);
      queue.end();
    };
    const id = this.open(request, {
      onMessage: (message) => {
        if (message.type === "event") {
          const { event } = message;
          if (event.type === "prompt")
            this.prefilled = Math.max(this.prefilled, event.promptTokens - event.reusedTokens);
          if (event.type !== "done" && event.type !== "failed") {
            if (!queue.push(event)) this.child.breakProtocol("more text than anybody could read");
            return false;
          }
          finish(event);
          return true;
        }
        if (message.type === "step") onStep?.(message.step);
        if (message.type !== "error") return false;
        finish({ type: "failed", error: message.error });
        return true;
      },
      fail: (error) => finish({ type: "failed", error }),
    });
    const abort = (): void => this.abort(id);
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort, { once: true });
    try {
      yield* queue.drain();
    } finally {
      signal?.removeEventListener("abort", abort);
      abort();
    }
  }

  /** One command, one answer. Throws what the child answers as an error, and `aborted` as soon as `signal` says so. */
  async call<T>(
    request: EngineRequest,
    schema: { parse(value: unknown): T },
    options: { signal?: AbortSignal | undefined; onProgress?: (progress: LoadProgress) => void } = {},
  ): Promise<T> {
    const { signal, onProgress } = options;
    let onAbort = (): void => {};
    const answer = new Promise<T>((resolve, reject) => {
      const fail = (error: ErrorRecord): void => reject(MemwellError.fromRecord(error));
      const id = this.open(request, {
        onMessage: (message) => {
          if (message.type === "progress") onProgress?.(message.progress);
          if (message.type === "error") fail(message.error);
          if (message.type === "result") {
            try {
              resolve(schema.parse(message.value));
            } catch (thrown) {
              this.child.breakProtocol(`an answer of the wrong shape to "${request.type}"`);
              reject(
                new MemwellError("engine_protocol", "The model's process gave a wrong answer.", {}, { cause: thrown }),
              );
            }
          }
          return message.type === "error" || message.type === "result";
        },
        fail,
      });
      onAbort = () => {
        this.abort(id);
        fail({ code: "aborted", message: "The caller ended this request.", fields: {} });
      };
    });
    if (signal?.aborted) onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      return await answer;
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }

  failAll(error: ErrorRecord): void {
    this.failure ??= error;
    const entries = [...this.entries.keys()].map((id) => this.close(id));
    for (const entry of entries) entry?.fail(this.failure);
  }

  private open(request: EngineRequest, entry: Handler): number {
    const id = this.nextId++;
    if (this.failure !== null) {
      entry.fail(this.failure);
    } else {
      this.entries.set(id, { ...entry });
      this.child.send({ ...request, id });
    }
    return id;
  }

  private abort(id: number): void {
    const entry = this.entries.get(id);
    if (entry === undefined || entry.abortTimer !== undefined) return;
    this.child.send({ type: "abort", id });
    entry.abortTimer = setTimeout(() => this.child.breakProtocol("no answer to an abort"), this.abortWithinMs);
    entry.abortTimer.unref();
  }

  private close(id: number): Entry | undefined {
    const entry = this.entries.get(id);
    this.entries.delete(id);
    clearTimeout(entry?.abortTimer);
    return entry;
  }

  private deliver(message: ChildMessage): void {
    if (message.type === "hello") return;
    this.heard = true;
    const entry = this.entries.get(message.id);
    if (entry === undefined) return this.child.breakProtocol(`a message for request ${message.id}, which is not open`);
    if (entry.onMessage(message)) this.close(message.id);
  }
}

function weigh(event: GenerateEvent): number {
  return EVENT_WEIGHT + (event.type === "text" || event.type === "thought" ? event.text.length : 0);
}
