import { randomBytes } from "node:crypto";
import { lstat, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { ThreadChoice } from "../../engine";
import { sumFootprint } from "./forecast-footprint";
import type { Footprint } from "./types";

export const MAX_ENTRIES = 200;

/** Added to a measured peak: the same load peaks a little higher or lower each time. */
export const MEASURED_MARGIN = 0.02;

/** A peak that is larger than its forecast by more than this is no measurement of the same thing. */
const MOST_TIMES_FORECAST = 4;

const FILE_NAME = "measurements.json";
/** 200 entries take 25 kB. */
const MAX_FILE_BYTES = 1024 ** 2;

const threadsSchema = z.object({
  /** The choice was among so many; on a machine with more or fewer another one may be best. */
  cores: z.int().positive(),
  decode: z.int().positive(),
  prefill: z.int().positive(),
});

const entrySchema = z.object({
  key: z.string().regex(/^[0-9a-f]{64}$/),
  peakBytes: z.int().positive().max(Number.MAX_SAFE_INTEGER).optional(),
  threads: threadsSchema.optional(),
});

type Measured = Omit<z.infer<typeof entrySchema>, "key">;

const fileSchema = z.object({
  version: z.literal(1),
  /** Oldest first. */
  entries: z.array(entrySchema),
});

/**
 * What was measured of children, by `footprintKey`, in one small file: the most they held, and how many threads were best. It is an aid: whatever happens to the file,
 * nothing here throws, and what cannot be read is set aside as `measurements.json.bad` and forgotten.
 */
export class MeasurementStore {
  private writing: Promise<boolean> = Promise.resolve(true);

  private constructor(
    private readonly folder: string,
    /** Oldest first: a `Map` keeps the order in which keys were added. */
    private readonly measured: Map<string, Measured>,
  ) {}

  /** Reads the folder's file; the folder is made with the first record. */
  static async open(folder: string): Promise<MeasurementStore> {
    return new MeasurementStore(folder, await readMeasured(join(folder, FILE_NAME)));
  }

  get size(): number {
    return this.measured.size;
  }

  /** The largest peak recorded, in bytes; null when there is none. */
  peakOf(key: string): number | null {
    return this.measured.get(key)?.peakBytes ?? null;
  }

  /** The numbers of threads that were best where there were as many cores as now; null when unknown. */
  threadsOf(key: string, cores: number): ThreadChoice | null {
    const threads = this.measured.get(key)?.threads;
    return threads?.cores === cores ? { decode: threads.decode, prefill: threads.prefill } : null;
  }

  /** Remembers a choice of threads; resolves as `record` does. */
  async recordThreads(key: string, cores: number, { decode, prefill }: ThreadChoice): Promise<boolean> {
    const known = this.measured.get(key)?.threads;
    if (known?.cores === cores && known.decode === decode && known.prefill === prefill) return this.writing;
    return this.remember({ key, threads: { cores, decode, prefill } });
  }

  /**
   * Remembers a child's peak in bytes; a smaller one than before changes nothing, since a run of short prompts says nothing
   * about long ones. Resolves when it is on disk, with false when it could not be written: it then lasts as long as the
   * process. Figures and keys that make no sense are ignored, with false.
   */
  async record(key: string, peakBytes: number): Promise<boolean> {
    const known = this.peakOf(key);
    if (known !== null && peakBytes <= known) return this.writing;
    return this.remember({ key, peakBytes: Math.ceil(peakBytes) });
  }

  /**
   * The forecast, or what was measured with a margin of 2 %. Weights, keys and values are known exactly and keep their
   * figures; what the measurement adds or takes goes to the process, and to the compute buffers when that is not enough. A
   * peak below what weights, keys and values alone take cannot be true, nor one of several times the forecast: it is
   * ignored, since a forecast that is too small is what gets a process killed.
   */
  correct(key: string, forecast: Footprint): Footprint {
    const peak = this.measured.get(key)?.peakBytes;
    const certain = forecast.weights + forecast.kv;
    if (peak === undefined || peak < certain || peak > MOST_TIMES_FORECAST * forecast.total) return forecast;
    const { weights, kv, compute, adapters } = forecast;
    let left = Math.ceil(peak * (1 + MEASURED_MARGIN)) - certain;
    const take = (bytes: number): number => {
      const taken = Math.min(left, bytes);
      left -= taken;
      return taken;
    };
    const kept = { adapters: take(adapters), compute: take(compute) };
    return sumFootprint({ weights, kv, ...kept, process: left });
  }

  private async remember(entry: unknown): Promise<boolean> {
    const parsed = entrySchema.safeParse(entry);
    if (!parsed.success) return false;
    const { key, ...measured } = parsed.data;
    const all = { ...this.measured.get(key), ...measured };
    this.measured.delete(key);
    this.measured.set(key, all);
    keepNewest(this.measured);
    // One after the other, so that an older state never replaces a newer one.
    this.writing = this.writing.then(() => this.write());
    return this.writing;
  }

  private async write(): Promise<boolean> {
    const path = join(this.folder, FILE_NAME);
    const temporary = `${path}.${process.pid}-${randomBytes(4).toString("hex")}.tmp`;
    const entries = [...this.measured].map(([key, measured]) => ({ key, ...measured }));
    try {
      await mkdir(this.folder, { recursive: true });
      await writeFile(temporary, `${JSON.stringify({ version: 1, entries })}\n`, { flag: "wx" });
      await rename(temporary, path);
      return true;
    } catch {
      await rm(temporary, { force: true }).catch(() => {});
      return false;
    }
  }
}

async function readMeasured(path: string): Promise<Map<string, Measured>> {
  try {
    const found = await lstat(path).catch(() => null);
    if (found === null) return new Map();
    // A pipe would block the read for ever, and a file of gigabytes fill the memory it is meant to save.
    if (!found.isFile() || found.size > MAX_FILE_BYTES) throw new Error("no such file is written here");
    const { entries } = fileSchema.parse(JSON.parse(await readFile(path, "utf8")));
    const measured = new Map(entries.map(({ key, ...rest }) => [key, rest]));
    keepNewest(measured);
    return measured;
  } catch {
    await setAside(path);
    return new Map();
  }
}

/** One bad file is kept for whoever wants to know; the one before it is not, so that they cannot pile up. */
async function setAside(path: string): Promise<void> {
  const aside = `${path}.bad`;
  await rm(aside, { recursive: true, force: true }).catch(() => {});
  await rename(path, aside).catch(() => {});
}

function keepNewest(measured: Map<string, Measured>): void {
  for (const key of measured.keys()) {
    if (measured.size <= MAX_ENTRIES) return;
    measured.delete(key);
  }
}
