import { nvidiaSmi, type ProgramEnd, type RunNvidiaSmi } from "./gpu-program";
import {
  GPU_FIELDS,
  GPU_FIELDS_BEFORE_MIG,
  parseGpuProcessRows,
  parseGpuRows,
  PROCESS_FIELDS,
  type GpuFigures,
  type GpuProcess,
} from "./gpu-rows";

/** One GPU; sizes in bytes, null where the driver does not say. */
export interface Gpu extends GpuFigures {
  /** The processes whose row names this GPU. */
  processes: GpuProcess[];
}

/** Why there is no GPU, or not the whole picture. */
export type GpuProblem = "no_program" | "no_device" | "driver_error" | "timeout" | "unreadable_output";

export interface GpuStatus {
  /** By index as the driver lists them. */
  gpus: Gpu[];
  /** All rows, those of MIG devices included, whose uuid is no GPU's. */
  processes: GpuProcess[];
  /** Null when all is well. "no_program" and "no_device" are how a machine without a GPU looks: no error. */
  problem: GpuProblem | null;
  /** What the driver said, for a person; at most 300 characters. */
  message: string | null;
}

/** How long a program that hung or is missing is left alone, in ms. */
const QUIET_MS = 60_000;
const MESSAGE_CHARACTERS = 300;

/**
 * Asks `nvidia-smi` for the GPUs; one question at a time, and callers meanwhile share its answer.
 *
 * A program that hung is not asked again for a minute, nor before its process is gone: each further one would hang too,
 * and they would pile up. A missing one is not looked for again for a minute either.
 */
export class GpuReader {
  readonly #run: RunNvidiaSmi;
  readonly #now: () => number;
  #pending: Promise<GpuStatus> | null = null;
  #quiet: { until: number; isGone: () => boolean; status: GpuStatus } | null = null;

  /** @param options.now a clock in ms that never goes back */
  constructor(options: { run?: RunNvidiaSmi; now?: () => number } = {}) {
    this.#run = options.run ?? nvidiaSmi();
    this.#now = options.now ?? (() => performance.now());
  }

  /** Never rejects for anything the program does. */
  read(): Promise<GpuStatus> {
    if (this.#quiet !== null) {
      if (this.#now() < this.#quiet.until || !this.#quiet.isGone()) return Promise.resolve(this.#quiet.status);
      this.#quiet = null;
    }
    this.#pending ??= this.#ask().finally(() => (this.#pending = null));
    return this.#pending;
  }

  async #ask(): Promise<GpuStatus> {
    let fields = GPU_FIELDS;
    let answer = await this.#query("gpu", fields);
    if (
      answer.end === "exited" &&
      answer.code !== 0 &&
      /mig\.mode\.current\W+is not a valid field/i.test(answer.output)
    ) {
      fields = GPU_FIELDS_BEFORE_MIG;
      answer = await this.#query("gpu", fields);
    }
    if (answer.end !== "exited") return this.#absent(answer);
    const gpus = /NVIDIA-SMI has failed/i.test(answer.output) ? [] : parseGpuRows(answer.output, fields);
    const problem = problemOf(answer.code, answer.output, gpus.length);
    const message = problem === null ? null : firstLine(answer.output);
    if (gpus.length === 0) return { gpus: [], processes: [], problem, message };

    const listed = await this.#query("compute-apps", PROCESS_FIELDS);
    if (listed.end === "timeout") return this.#absent(listed);
    // Without the right to see processes the GPUs' own figures are still good.
    const processes = listed.end === "exited" && listed.code === 0 ? parseGpuProcessRows(listed.output) : [];
    return {
      gpus: gpus.map((gpu) => ({ ...gpu, processes: processesOf(gpu, processes) })),
      processes,
      problem,
      message,
    };
  }

  #query(subject: "gpu" | "compute-apps", fields: string): Promise<ProgramEnd> {
    return this.#run([`--query-${subject}=${fields}`, "--format=csv,noheader,nounits"]);
  }

  #absent(answer: Exclude<ProgramEnd, { end: "exited" }>): GpuStatus {
    if (answer.end === "failed") return without("unreadable_output", answer.message);
    const missing = answer.end === "missing";
    const status = missing
      ? without("no_program", null)
      : without("timeout", "nvidia-smi did not answer in time and was killed; it is asked again in a minute");
    this.#quiet = { until: this.#now() + QUIET_MS, isGone: missing ? () => true : answer.isGone, status };
    return status;
  }
}

/** One reader a program, so that what it knows of a hang outlives the call. */
const readers = new WeakMap<RunNvidiaSmi, GpuReader>();
const realProgram = nvidiaSmi();

/** The GPUs of this machine, with a reason when there are none or not all is known. Never rejects. */
export function readGpuStatus(options: { run?: RunNvidiaSmi } = {}): Promise<GpuStatus> {
  const run = options.run ?? realProgram;
  const reader = readers.get(run) ?? new GpuReader({ run });
  readers.set(run, reader);
  return reader.read();
}

/** The GPUs of this machine; none, without an error, where there are none or `nvidia-smi` cannot say. */
export async function readGpus(options: { run?: RunNvidiaSmi } = {}): Promise<Gpu[]> {
  return (await readGpuStatus(options)).gpus;
}

/** A lost GPU fails the run (exit 15) after the rows of the others: the rows count, and so does the failure. */
function problemOf(code: number, output: string, rows: number): GpuProblem | null {
  if (/no devices were found/i.test(output)) return "no_device";
  if (code !== 0 || /NVIDIA-SMI has failed/i.test(output)) return "driver_error";
  if (rows > 0) return null;
  return output.trim() === "" ? "no_device" : "unreadable_output";
}

function processesOf(gpu: GpuFigures, processes: readonly GpuProcess[]): GpuProcess[] {
  return gpu.uuid === null ? [] : processes.filter(({ gpuUuid }) => gpuUuid === gpu.uuid);
}

function without(problem: GpuProblem, message: string | null): GpuStatus {
  return { gpus: [], processes: [], problem, message: message?.slice(0, MESSAGE_CHARACTERS) ?? null };
}

/** The first line that is no row of figures: the driver prints a lost GPU's failure among the others' rows. */
function firstLine(output: string): string | null {
  const line = output.split("\n").find((line) => line.trim() !== "" && parseGpuRows(line).length === 0);
  return line?.trim().slice(0, MESSAGE_CHARACTERS) ?? null;
}
