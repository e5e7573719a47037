import { nativeContext, replace } from "./native-context";
import { ThreadTuner, type RememberedThreads } from "./thread-tuner";

/** How a context's number of threads is found. */
export interface ThreadSettings {
  /** "auto", or the number the user asked for. */
  threads: number | "auto";
  /** Whole cores this process may keep busy. */
  max: number;
  /** Sequences of the context: a batch of no more tokens than that is a step of decoding. */
  sequences: number;
  /** What an earlier run of this model settled on, already checked against `max`. */
  remembered: RememberedThreads | null;
  /** Whether layers are on a GPU. A thread that waits for it looks like one that is kept off its core. */
  gpu: boolean;
}

export type ContextThreads =
  | { mode: "fixed"; reason: "setting" | "one-core" | "unknown-library" }
  | { mode: "auto"; remembered(): RememberedThreads };

/** The tokens from which on a batch costs about the same for each token. */
const FULL_BATCH = 32;

/**
 * Lets the context's own steps find its number of threads.
 *
 * node-llama-cpp has no setting for this: it calls `initBatch(tokens)`, `setThreads(count)` and `decodeBatch()` on its
 * native object for every step, `setThreads` sets llama.cpp's threads for one token and for batches alike, and the calls
 * of one context never overlap. So the three are replaced on that one object. Where they are not what they were in
 * 3.22.1, nothing is touched and the context keeps the number it was created with.
 *
 * Batches of each size up to `sequences` have a tuner of their own, since one token can be fastest on one thread and four
 * on two; so have short prompts, such as the questions of a decision.
 */
export function tuneThreads(
  context: object,
  settings: ThreadSettings,
  now: () => number = () => performance.now(),
): ContextThreads {
  if (settings.threads !== "auto") return { mode: "fixed", reason: "setting" };
  if (settings.max < 2) return { mode: "fixed", reason: "one-core" };
  const native = nativeContext(context);
  if (native === null) return { mode: "fixed", reason: "unknown-library" };

  const tuners = new TunersBySize(settings);
  const initBatch = native.initBatch.bind(native);
  const setThreads = native.setThreads.bind(native);
  const decodeBatch = native.decodeBatch.bind(native);
  let tokens = 1;
  replace(native, "initBatch", (size: number) => {
    tokens = size;
    return initBatch(size);
  });
  // The count is set right before the step it is for.
  replace(native, "setThreads", () => undefined);
  replace(native, "decodeBatch", async () => {
    const tuner = tuners.forBatch(tokens);
    const threads = tuner.choose();
    setThreads(threads);
    const cpuBefore = process.cpuUsage();
    const startedAt = now();
    await decodeBatch();
    const ms = now() - startedAt;
    const cpu = process.cpuUsage(cpuBefore);
    tuner.observe(threads, tokens, ms, settings.gpu ? undefined : (cpu.user + cpu.system) / 1000);
  });
  return { mode: "auto", remembered: () => tuners.remembered() };
}

/** One tuner for each size of batch that has its own cost, made when a batch of that size comes. */
class TunersBySize {
  private readonly tuners = new Map<number, ThreadTuner>();

  constructor(private readonly settings: ThreadSettings) {}

  forBatch(tokens: number): ThreadTuner {
    const size = this.sizeClass(tokens);
    const known = this.tuners.get(size);
    if (known !== undefined) return known;
    const { max, remembered } = this.settings;
    const kind = tokens <= this.settings.sequences ? "decode" : "prefill";
    const tuner = new ThreadTuner({ kind, max, ...this.start(kind, size, remembered) });
    this.tuners.set(size, tuner);
    return tuner;
  }

  remembered(): RememberedThreads {
    const decode = [...this.tuners].filter(([size]) => size <= this.settings.sequences).map(([, tuner]) => tuner);
    const mostUsed = decode.reduce<ThreadTuner | null>(
      (most, tuner) => (most === null || tuner.steps > most.steps ? tuner : most),
      null,
    );
    return {
      decode: mostUsed?.choice ?? this.start("decode", 1, this.settings.remembered).first,
      prefill: this.tuners.get(FULL_BATCH)?.choice ?? this.start("prefill", FULL_BATCH, this.settings.remembered).first,
    };
  }

  /** The smallest batch of the same class. */
  private sizeClass(tokens: number): number {
    const { sequences } = this.settings;
    if (tokens <= sequences) return tokens;
    return Math.max(sequences + 1, tokens >= FULL_BATCH ? FULL_BATCH : tokens >= FULL_BATCH / 2 ? FULL_BATCH / 2 : 1);
  }

  /**
   * One thread for the first tokens: where more of them help they help a little, and where they do not they harm a lot.
   * Half the cores for the first prompt: the first step on as many threads as cores can stall for seconds, and whether
   * others use the cores is known only after it.
   */
  private start(
    kind: "decode" | "prefill",
    size: number,
    remembered: RememberedThreads | null,
  ): { first: number; trusted: boolean } {
    if (remembered !== null) return { first: remembered[kind], trusted: true };
    if (kind === "decode") return { first: this.tuners.get(size - 1)?.choice ?? 1, trusted: false };
    return { first: this.tuners.get(FULL_BATCH)?.choice ?? Math.floor(this.settings.max / 2), trusted: false };
  }
}
