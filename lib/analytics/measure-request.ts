import type { AgentEvent } from "../agent";
import type { GenerateEvent } from "../engine";
import type { FigureSource, RunFigures } from "../store";
import { TurnMeter, type TurnFigures } from "./measure-turn";

export interface MeteredRequest {
  run: string;
  source: FigureSource;
  /** A clock in ms that never goes back; when it began is told in ms since the epoch. */
  now?: () => number;
  beganAt?: number;
  /** What the ledger says its loads took; asked at the end. */
  loadMs: () => number | null;
  /** Told once, when it has ended or its reader has left. Must not throw. */
  record: (figures: RunFigures) => void;
}

/** What is heard while a model is waited for. */
type Waiting = { type: "queued" | "fetching" | "loading" };

/** Passes on a turn of the agent that stands in no conversation, and records its figures. */
export async function* meterTurn<Wait>(
  events: AsyncGenerator<AgentEvent<Wait>, void, void>,
  request: MeteredRequest,
): AsyncGenerator<AgentEvent<Wait>, void, void> {
  const meter = new TurnMeter();
  yield* metered(events, request, {
    see: (event) => meter.see(event),
    figures: () => meter.figures(),
  });
}

/** Passes on a generation of one model, and records its figures. */
export async function* meterGeneration<Event extends GenerateEvent | Waiting>(
  events: AsyncGenerator<Event, void, void>,
  model: string,
  request: MeteredRequest,
): AsyncGenerator<Event, void, void> {
  const meter = new GenerationMeter(model, request.now ?? (() => performance.now()));
  yield* metered(events, request, meter);
}

async function* metered<Event>(
  events: AsyncGenerator<Event, void, void>,
  { run, source, loadMs, record, now = () => performance.now(), beganAt = Date.now() }: MeteredRequest,
  meter: { see: (event: Event) => void; figures: () => TurnFigures },
): AsyncGenerator<Event, void, void> {
  const started = now();
  try {
    for await (const event of events) {
      meter.see(event);
      yield event;
    }
  } finally {
    const { outcome, errorCode, ...figures } = meter.figures();
    record({
      ...figures,
      run,
      source,
      conversation: null,
      message: null,
      visitor: null,
      beganAt,
      // Whoever stops reading ends it.
      outcome: outcome ?? "stopped",
      errorCode: outcome === "failed" ? errorCode : null,
      durationMs: now() - started,
      loadMs: figures.waitMs === null ? null : loadMs(),
    });
  }
}

/** A generation's figures: its own account of its times, and by the clock how long its model was waited for. */
class GenerationMeter {
  readonly #began: number;
  #waitMs: number | null = null;
  #end: Extract<GenerateEvent, { type: "done" | "failed" }> | null = null;

  constructor(
    private readonly model: string,
    private readonly now: () => number,
  ) {
    this.#began = now();
  }

  see(event: GenerateEvent | Waiting): void {
    if (event.type === "prompt") this.#waitMs = this.now() - this.#began;
    if (event.type === "done" || event.type === "failed") this.#end = event;
  }

  figures(): TurnFigures {
    const done = this.#end?.type === "done" ? this.#end : null;
    const failed = this.#end?.type === "failed" ? this.#end : null;
    const isStopped = done?.finishReason === "aborted" || failed?.error.code === "aborted";
    const usage = done?.usage;
    const hasBegun = done !== null && done.usage.completionTokens > 0;
    return {
      outcome: this.#end === null ? null : isStopped ? "stopped" : done === null ? "failed" : "done",
      errorCode: failed?.error.code ?? null,
      model: this.model,
      waitMs: this.#waitMs,
      firstTokenMs: hasBegun ? (this.#waitMs ?? 0) + done.prefillMs : null,
      stepMs: done === null ? {} : { response: done.prefillMs + done.decodeMs },
      answerTokens: usage?.completionTokens ?? null,
      answerMs: done?.decodeMs ?? null,
      swaps: 0,
      decisions: null,
      segments: null,
      models:
        done === null || usage === undefined
          ? []
          : [
              {
                model: this.model,
                steps: 1,
                prefilled: usage.promptTokens - usage.reusedTokens,
                reused: usage.reusedTokens,
                generated: usage.completionTokens,
                prefillMs: done.prefillMs,
                decodeMs: done.decodeMs,
              },
            ],
    };
  }
}
