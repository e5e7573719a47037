/**
 * What a ledger says of one step of one model: what was held when it began, at its fullest, and when it ended.
 *
 * | step      | from                                        | to                                     | tokens            |
 * |-----------|---------------------------------------------|----------------------------------------|-------------------|
 * | `start`   | a process is asked for                      | it waits for its model                 |                   |
 * | `load`    | the weights are read                        | they are in memory                     |                   |
 * | `context` | contexts and adapters are made              | the model answers requests             |                   |
 * | `restore` | a saved sequence is read from disk          | a slot holds it                        | restored          |
 * | `prefill` | the prompt is evaluated                     | the first token is there               | evaluated         |
 * | `decode`  | the first token is there                    | the last one is                        | generated         |
 * | `save`    | live sequences are written to disk          | they are there                         | saved             |
 * | `unload`  | the process is told to go                   | it is gone and its memory with it      |                   |
 */
export const LEDGER_STEPS = ["start", "load", "context", "restore", "prefill", "decode", "save", "unload"] as const;
export type LedgerStep = (typeof LEDGER_STEPS)[number];

/** `start` is written at once, so that after a kill the last line says what was under way; the others when the step ends. */
export const LEDGER_PHASES = ["start", "peak", "end"] as const;
export type LedgerPhase = (typeof LEDGER_PHASES)[number];

/** Sizes in bytes, times in ms; null is "not known" or "does not apply", never zero. */
export interface LedgerRecord {
  /** In the order of writing; rises from record to record. */
  id: number;
  /** When it was read, in ms since the epoch. */
  time: number;
  /** The same for the records of one step. */
  stepId: string;
  step: LedgerStep;
  phase: LedgerPhase;
  /** The run that caused the step, and the turn of its conversation; null for what nobody's run caused. */
  run: string | null;
  turn: number | null;
  /** The model's id. */
  model: string | null;
  /** The model's process. */
  pid: number | null;
  /** What the model was forecast to take. */
  forecastBytes: number | null;
  /** What the model's process holds (resident set); in a `peak` the most it held during the step. */
  processBytes: number | null;
  /** What the web server's own process holds. */
  serverBytes: number | null;
  /** What the container holds and cannot drop. */
  cgroupBytes: number | null;
  /** The same of the whole machine. */
  hostBytes: number | null;
  /** All GPUs together. */
  gpuBytes: number | null;
  /** Only in an `end`. */
  durationMs: number | null;
  tokens: number | null;
  outcome: "done" | "failed" | "aborted" | null;
}

/** A record before it is written. */
export type NewLedgerRecord = Omit<LedgerRecord, "id">;

/** Which records to read, oldest first: the newest `limit` of those that fit, or the first behind `after`. */
export interface LedgerQuery {
  run?: string | undefined;
  model?: string | undefined;
  /** Only records with a larger `id`, to go on from where a reader stopped. */
  after?: number | undefined;
  limit?: number | undefined;
}
