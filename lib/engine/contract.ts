import type { ErrorRecord } from "../errors";

/**
 * One model in one child process, as its parent sees it.
 *
 * | call              | stopped        | starting       | ready             | stopping             | closed         |
 * |-------------------|----------------|----------------|-------------------|----------------------|----------------|
 * | `ensureReady()`   | starts, waits  | joins the start| returns at once   | waits, then starts   | `engine_closed`|
 * | `generate()` etc. | as ensureReady, then the request; the caller never looks at the state                       |
 * | `stop()`          | nothing to do  | cancels it     | ends the child    | joins the stop       | nothing to do  |
 * | `close()`         | -> closed      | stop, closed   | stop, closed      | stop, closed         | nothing to do  |
 * | child exits       | cannot happen  | start rejects  | requests fail     | the stop is done     | cannot happen  |
 *
 * `openContext()`, `closeContext()` and `park()` start nothing: they are for the child there is, and contexts go with it.
 *
 * A child that exits by itself leaves the state `stopped` (never a state of its own for "crashed"), so that the next
 * request simply starts it again. `stop()` with requests in flight fails each of them with `engine_stopped`.
 */
export type EngineState = "stopped" | "starting" | "ready" | "stopping" | "closed";

/** What a child is asked to load. Sizes in tokens, paths absolute. */
export interface LoadSettings {
  modelPath: string;
  /**
   * Made at the load; at least one. Adapters belong to a context, so a base and its fine-tunes are several contexts on the
   * same weights. More can be opened later.
   */
  contexts: ContextSettings[];
  /** Tokens one sequence can hold; the context costs this times `sequences`. */
  contextSize: number;
  /** Requests that can run at the same time in each context. */
  sequences: number;
  /** Largest number of tokens evaluated in one step of prefill. */
  batchSize: number;
  /** A fixed number, or what to choose from while it runs: up to `max`, from what was best in an earlier run. */
  threads: number | { max: number; remembered: ThreadChoice | null };
  gpu: "auto" | false;
  /** How keys and values are stored; `F16` when absent. Smaller types halve or quarter the context's memory. */
  kvType?: EngineKvType | undefined;
  /** Where evaluated sequences are kept on disk, and how many bytes of them; none are kept when absent. */
  keptStates?: { folder: string; capBytes: number } | undefined;
}

/** How many threads were best: for a token at a time, and for prompts. */
export interface ThreadChoice {
  decode: number;
  prefill: number;
}

export type EngineKvType = "F16" | "Q8_0" | "Q4_0";

export interface ContextSettings {
  /** What requests name it by. */
  name: string;
  /** A LoRA file for this base, or null for the base alone. Scale 1 is the strength it was trained for. */
  adapter: { path: string; scale: number } | null;
}

/** What a loaded child says about itself. Sizes in bytes and tokens. */
export interface EngineInfo {
  pid: number;
  architecture: string;
  name: string | null;
  parameters: number;
  fileBytes: number;
  contextSize: number;
  trainContextSize: number;
  sequences: number;
  vocabularySize: number;
  threads: number | "auto";
  gpu: string | false;
  /** Whether the chat template knows thought segments (`<think>...</think>`). */
  thinks: boolean;
  /** llama.cpp's own account: weights, and the contexts with their KV caches and buffers. */
  modelBytes: number;
  contextBytes: number;
  loadMs: number;
  libraryVersion: string;
}

export interface ChatMessage {
  role: "system" | "user" | "assistant";
  content: string;
  /** Thinking that came before an assistant's answer; the chat template decides whether it is shown again. */
  thought?: string | undefined;
}

/**
 * A conversation put through the model's chat template, or a text taken as it is. The first `staticMessages` are the same in
 * many conversations (instructions): what they evaluate to is kept on disk.
 */
export type Prompt = { messages: ChatMessage[]; staticMessages?: number | undefined } | { text: string };

export interface SamplingSettings {
  /** 0 takes the likeliest token each time. */
  temperature?: number | undefined;
  topP?: number | undefined;
  topK?: number | undefined;
  minP?: number | undefined;
  repeatPenalty?: number | undefined;
  frequencyPenalty?: number | undefined;
  presencePenalty?: number | undefined;
  seed?: number | undefined;
}

export interface GenerateRequest {
  prompt: Prompt;
  /** A context named in `LoadSettings`; the first one when absent. */
  context?: string | undefined;
  sampling?: SamplingSettings | undefined;
  /** Tokens to generate at most; the rest of the context when absent. */
  maxTokens?: number | undefined;
  /** Tokens of thinking at most; when they are spent the thought is closed and the answer begins. */
  maxThoughtTokens?: number | undefined;
  /** Texts that end the answer; they are not part of it. */
  stop?: string[] | undefined;
  /** The answer is JSON of this schema. */
  jsonSchema?: Record<string, unknown> | undefined;
}

export type FinishReason = "stop" | "length" | "aborted";

export interface Usage {
  promptTokens: number;
  /** Prompt tokens the sequence already held, which were not evaluated again. */
  reusedTokens: number;
  completionTokens: number;
  /** Part of `completionTokens` spent on thinking. */
  thoughtTokens: number;
}

/**
 * What a generation says, in this order: one `prompt`, any number of `prefill`, then `thought` and `text` as they come,
 * then exactly one final event, `done` or `failed`. `failed` may come first or in the middle. Nothing is thrown.
 */
export type GenerateEvent =
  | { type: "prompt"; promptTokens: number; reusedTokens: number; slot: number }
  | { type: "prefill"; evaluated: number; total: number }
  | { type: "thought"; text: string; tokens: number }
  | { type: "text"; text: string; tokens: number }
  | { type: "done"; finishReason: FinishReason; usage: Usage; prefillMs: number; decodeMs: number; slot: number }
  | { type: "failed"; error: ErrorRecord };

export interface ScoreRequest {
  prompt: Prompt;
  context?: string | undefined;
  /** At least one answer, each a non-empty text that would follow the prompt. */
  answers: string[];
}

export interface ScoreResult {
  answers: {
    answer: string;
    /** Natural logarithm of the probability that the model writes exactly this after the prompt. */
    logProbability: number;
    /** This answer's share among the given ones; the shares add up to 1. */
    share: number;
  }[];
  usage: Usage;
}

export interface CountTokensResult {
  tokens: number;
}

/** A slot is one sequence of one context; its state is what it has evaluated. */
export interface SaveStateRequest {
  context?: string | undefined;
  slot: number;
  /** Absolute; `${path}.json` beside it says what the state belongs to. */
  path: string;
}

export interface SaveStateResult {
  tokens: number;
  bytes: number;
}

export interface RestoreStateRequest {
  context?: string | undefined;
  path: string;
}

export interface RestoreStateResult {
  slot: number;
  tokens: number;
}

/** What `park` wrote to disk: sequences, their tokens, and bytes; and what the process has learned. */
export interface ParkResult {
  sequences: number;
  tokens: number;
  bytes: number;
  /** Null where the number is fixed. */
  threads: ThreadChoice | null;
}

/** Bytes of all contexts of the process, by llama.cpp's own account. */
export interface OpenContextResult {
  contextBytes: number;
}

/** What closing a context wrote to disk, as `ParkResult` says it, and what is left. */
export interface CloseContextResult extends OpenContextResult {
  sequences: number;
  tokens: number;
  bytes: number;
  /** Whether the most that the process held is counted from now on. */
  isPeakReset: boolean;
}

/** Work with saved states that a child does on its own account while it serves a request. */
export interface EngineStep {
  step: "save" | "restore";
  phase: "start" | "end";
  /** Those concerned; 0 in an `end` of what failed. */
  tokens: number;
}

export interface LoadProgress {
  stage: "process" | "model" | "adapter" | "context";
  /** 0 to 1 within the stage. */
  fraction: number;
}

export interface CallOptions {
  signal?: AbortSignal | undefined;
}

export interface GenerateOptions extends CallOptions {
  onStep?: ((step: EngineStep) => void) | undefined;
}

export interface Engine {
  readonly state: EngineState;
  /** The loaded child's account of itself; null unless `ready`. */
  readonly info: EngineInfo | null;
  /** Names of the contexts that the ready child has; those of `LoadSettings` after every start. */
  readonly contexts: ReadonlySet<string>;
  ensureReady(options?: CallOptions & { onProgress?: (progress: LoadProgress) => void }): Promise<EngineInfo>;
  generate(request: GenerateRequest, options?: GenerateOptions): AsyncGenerator<GenerateEvent, void, void>;
  score(request: ScoreRequest, options?: CallOptions): Promise<ScoreResult>;
  countTokens(prompt: Prompt, options?: CallOptions): Promise<CountTokensResult>;
  saveState(request: SaveStateRequest, options?: CallOptions): Promise<SaveStateResult>;
  restoreState(request: RestoreStateRequest, options?: CallOptions): Promise<RestoreStateResult>;
  /**
   * Keeps what idle sequences hold on disk, for the next process of this model; one that is not ready keeps nothing. After
   * `withinMs` no further sequence is begun.
   */
  park(withinMs: number, options?: CallOptions): Promise<ParkResult>;
  /**
   * One more context on the weights that are loaded; one that is open is left as it is.
   *
   * @throws MemwellError what is wrong with the adapter's file, `engine_crashed` when no child is ready
   */
  openContext(
    context: ContextSettings,
    options?: { onProgress?: (progress: LoadProgress) => void },
  ): Promise<OpenContextResult>;
  /**
   * Gives back what a context takes, once the requests that it works on have ended. What its sequences hold is kept on disk;
   * after `withinMs` no further one is begun. The child must keep one.
   */
  closeContext(name: string, withinMs: number): Promise<CloseContextResult>;
  stop(): Promise<void>;
  close(): Promise<void>;
}
