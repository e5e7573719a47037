import type { AgentEvent, TurnRequest } from "../../agent";
import { toMemwellError, type ErrorRecord } from "../../errors";
import type { Run, RunOutcome, RunStore } from "../../store";
import type { WaitEvent } from "../contract";
import { AnswerRecord } from "./answer";
import { EventBatch } from "./event-batch";

export type StartTurn = (
  request: TurnRequest,
  options: { signal: AbortSignal; run: string; turn: number },
) => AsyncGenerator<AgentEvent<WaitEvent>, void, void>;

export interface LiveRunParts {
  session: string;
  store: RunStore;
  startTurn: StartTurn;
  /** Called when there are more events, and at the end. */
  onNews: () => void;
  warn: (warning: string) => void;
}

/** A run of this process: does the work of the turn, whoever listens, and records it. */
export class LiveRun {
  /** Resolves when it has ended and that is recorded; never rejects. */
  readonly ended: Promise<void>;
  readonly #abort = new AbortController();
  readonly #answer: AnswerRecord;
  /** It was not stopped by its reader, but by the end of the server. */
  #isInterrupted = false;
  /** Settled when the newest events are recorded, or are known not to be. */
  #recorded: Promise<void> = Promise.resolve();
  /** Why its events could not be recorded. */
  #failure: ErrorRecord | null = null;
  #unrecorded: ErrorRecord | null = null;

  constructor(
    readonly run: Run,
    request: TurnRequest,
    private readonly parts: LiveRunParts,
  ) {
    this.#answer = new AnswerRecord(request.domain);
    this.ended = this.#work(request);
  }

  get session(): string {
    return this.parts.session;
  }

  /** Why its end could not be recorded: its readers would wait for it for ever. */
  get unrecorded(): ErrorRecord | null {
    return this.#unrecorded;
  }

  /** Ends the turn as soon as its model can be stopped. */
  stop(outcome: "stopped" | "interrupted" = "stopped"): Promise<void> {
    if (!this.#abort.signal.aborted) this.#isInterrupted = outcome === "interrupted";
    this.#abort.abort();
    return this.ended;
  }

  async #work(request: TurnRequest): Promise<void> {
    const batch = new EventBatch((events) => this.#record(events));
    const options = { signal: this.#abort.signal, run: this.run.id, turn: request.history.length + 1 };
    try {
      for await (const event of this.parts.startTurn(request, options)) {
        this.#answer.see(event);
        if (!this.#isInterruption(event)) batch.add(event);
      }
    } catch (thrown) {
      this.#failure = toMemwellError(thrown).toRecord();
    }
    batch.close();
    await this.#recorded;
    await this.#finish();
    this.parts.onNews();
  }

  /** Nobody stopped it: its events are left without an end, as when the whole server dies. */
  #isInterruption(event: AgentEvent<WaitEvent>): boolean {
    if (!this.#isInterrupted) return false;
    if (event.type === "done") return event.finishReason === "aborted";
    return event.type === "failed" && event.error.code === "aborted";
  }

  #record(events: AgentEvent<WaitEvent>[]): void {
    if (this.#failure !== null) return;
    const { store, session, onNews } = this.parts;
    this.#recorded = store.append(session, this.run.id, events).then(onNews, (thrown: unknown) => {
      // An answer that nobody can come back to is not worth the machine's time.
      this.#failure = toMemwellError(thrown).toRecord();
      this.#abort.abort();
    });
  }

  async #finish(): Promise<void> {
    const { store, session, warn } = this.parts;
    const { outcome, error } = this.#end();
    try {
      await store.finish(session, this.run.id, outcome, { error, answer: this.#answer.toAnswer({ outcome, error }) });
    } catch (thrown) {
      this.#unrecorded = toMemwellError(thrown).toRecord();
      warn(`The end of an answer could not be recorded: ${this.#unrecorded.message}`);
    }
  }

  #end(): { outcome: RunOutcome; error: ErrorRecord | null } {
    if (this.#failure !== null) return { outcome: "failed", error: this.#failure };
    const { error, finishReason } = this.#answer;
    const isAborted = finishReason === "aborted" || error?.code === "aborted";
    if (isAborted || (error === null && finishReason === null))
      return { outcome: this.#isInterrupted ? "interrupted" : "stopped", error: null };
    return error === null ? { outcome: "done", error } : { outcome: "failed", error };
  }
}
