import { spawn, type ChildProcess } from "node:child_process";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { ChildSource, EngineProcess, type LoadSettings } from "../../lib/engine";
import { ensureFixtureModel, type FixtureName } from "../../tests/fixtures/models";
import { raise } from "../support/measure";

const CORES = Math.max(2, availableParallelism());
const PROMPT_TOKENS = 256;
const DECODED = 24;
/** More threads than free cores take seconds for a token: enough of them to know that. */
const DECODED_IN_TROUBLE = 3;

interface Variant {
  name: string;
  threads: LoadSettings["threads"];
  /** Tokens and milliseconds so far. */
  prefill: [tokens: number, ms: number];
  decode: [tokens: number, ms: number];
}

/** Rounds in which the automatic number settles; a second process of the model begins where the first one ended. */
const SETTLING = 3;

/** The automatic number of threads over the best fixed one, in tokens per second; quiet, and with every core kept busy. */
export async function benchThreads(): Promise<void> {
  console.log("## threads: automatic / best fixed, tokens per second, settled and while settling (goal 0.95)\n");
  for (const name of ["m135", "b1_1"] as const) {
    await benchModel(name, "quiet", 15);
    const loops = Array.from({ length: CORES }, busyLoop);
    try {
      await benchModel(name, "busy", 11);
    } finally {
      for (const loop of loops) loop.kill("SIGKILL");
    }
  }
  console.log();
}

async function benchModel(name: FixtureName, machine: "quiet" | "busy", rounds: number): Promise<void> {
  const source = new ChildSource(
    { file: process.execPath, args: [resolve("dist/engine-child.js")] },
    { keepSpare: false, graceMs: 3000 },
  );
  const counters = { prefill: [0, 0] as [number, number], decode: [0, 0] as [number, number] };
  const variants: Variant[] = [
    { name: "1 thread", threads: 1, ...structuredClone(counters) },
    { name: `${CORES} threads`, threads: CORES, ...structuredClone(counters) },
    { name: "auto", threads: { max: CORES, remembered: null }, ...structuredClone(counters) },
  ];
  let settling: Variant[] = [];
  const modelPath = await ensureFixtureModel(name);
  const engines = variants.map(({ threads }) => new EngineProcess(settings(modelPath, threads), source));
  for (const engine of engines) await engine.ensureReady();
  for (let round = 0; round < rounds; round++) {
    if (round === SETTLING) {
      settling = structuredClone(variants);
      for (const variant of variants) Object.assign(variant, structuredClone(counters));
    }
    // In turn, and each time another one first: all of them see the same machine.
    for (let place = 0; place < variants.length; place++) {
      const index = (place + round) % variants.length;
      const variant = variants[index] ?? raise("no variant");
      const troubled = machine === "busy" && variant.threads === CORES;
      await measure(engines[index] ?? raise("no engine"), variant, round, troubled ? DECODED_IN_TROUBLE : DECODED);
    }
  }
  for (const engine of engines) await engine.close();
  await source.close();
  for (const phase of ["prefill", "decode"] as const) {
    const rates = ratesOf(variants, phase);
    const each = variants.map((variant, index) => `${variant.name} ${(rates[index] ?? NaN).toFixed(1)}`).join(", ");
    const [settled, before] = [rates, ratesOf(settling, phase)].map(autoOverBest);
    console.log(`${`${name}, ${machine}, ${phase}`.padEnd(24)}  ${settled} and ${before} (${each})`);
  }
}

function ratesOf(variants: Variant[], phase: "prefill" | "decode"): number[] {
  return variants.map((variant) => (variant[phase][0] * 1000) / variant[phase][1]);
}

function autoOverBest(rates: number[]): string {
  return ((rates.at(-1) ?? NaN) / Math.max(...rates.slice(0, -1))).toFixed(2);
}

async function measure(engine: EngineProcess, variant: Variant, round: number, maxTokens: number): Promise<void> {
  const prompt = { text: `${round} `.repeat(PROMPT_TOKENS) };
  for await (const event of engine.generate({ prompt, maxTokens, sampling: { temperature: 0 } })) {
    if (event.type === "failed") throw new Error(event.error.message);
    if (event.type !== "done") continue;
    variant.prefill[0] += event.usage.promptTokens - event.usage.reusedTokens;
    variant.prefill[1] += event.prefillMs;
    // The first token is the prefill's.
    variant.decode[0] += event.usage.completionTokens - 1;
    variant.decode[1] += event.decodeMs;
  }
}

function settings(modelPath: string, threads: LoadSettings["threads"]): LoadSettings {
  const contexts = [{ name: "base", adapter: null }];
  return { modelPath, contexts, contextSize: 1024, sequences: 1, batchSize: 256, threads, gpu: false };
}

/** Ends with this process, however that ends. */
function busyLoop(): ChildProcess {
  const program = `while (process.ppid === ${process.pid});`;
  return spawn(process.execPath, ["-e", program], { stdio: "ignore" });
}
