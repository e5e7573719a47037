import { randomBytes } from "node:crypto";
import { lstat, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { sumFootprint } from "./forecast-footprint";
import type { Footprint } from "./types";

export const MAX_ENTRIES = 200;

/** Added to a measured peak: the same load peaks a little higher or lower each time. */
export const MEASURED_MARGIN = 0.02;

/** A peak that is larger than its forecast by more than this is no measurement of the same thing. */
const MOST_TIMES_FORECAST = 4;

const FILE_NAME = "footprints.json";
/** 200 entries take 25 kB. */
const MAX_FILE_BYTES = 1024 ** 2;

const fileSchema = z.object({
  version: z.literal(1),
  /** Oldest first. */
  entries: z.array(
    z.object({ key: z.string().regex(/^[0-9a-f]{64}$/), peakBytes: z.int().positive().max(Number.MAX_SAFE_INTEGER) }),
  ),
});

/**
 * Peaks that children were measured at, by `footprintKey`, in one small file. It is an aid: whatever happens to the file,
 * nothing here throws, and what cannot be read is set aside as `footprints.json.bad` and forgotten.
 */
export class FootprintStore {
  private writing: Promise<boolean> = Promise.resolve(true);

  private constructor(
    private readonly folder: string,
    /** Oldest first: a `Map` keeps the order in which keys were added. */
    private readonly peaks: Map<string, number>,
  ) {}

  /** Reads the folder's file; the folder is made with the first record. */
  static async open(folder: string): Promise<FootprintStore> {
    return new FootprintStore(folder, await readPeaks(join(folder, FILE_NAME)));
  }

  get size(): number {
    return this.peaks.size;
  }

  /** The largest peak recorded, in bytes; null when there is none. */
  peakOf(key: string): number | null {
    return this.peaks.get(key) ?? null;
  }

  /**
   * Remembers a child's peak in bytes; a smaller one than before changes nothing, since a run of short prompts says nothing
   * about long ones. Resolves when it is on disk, with false when it could not be written: it then lasts as long as the
   * process. Figures and keys that make no sense are ignored, with false.
   */
  async record(key: string, peakBytes: number): Promise<boolean> {
    const entry = fileSchema.shape.entries.element.safeParse({ key, peakBytes: Math.ceil(peakBytes) });
    if (!entry.success) return false;
    if (entry.data.peakBytes <= (this.peaks.get(key) ?? 0)) return this.writing;
    this.peaks.delete(key);
    this.peaks.set(key, entry.data.peakBytes);
    keepNewest(this.peaks);
    // One after the other, so that an older state never replaces a newer one.
    this.writing = this.writing.then(() => this.write());
    return this.writing;
  }

  /**
   * The forecast, or what was measured with a margin of 2 %. Weights, keys and values are known exactly and keep their
   * figures; what the measurement adds or takes goes to the process, and to the compute buffers when that is not enough. A
   * peak below what weights, keys and values alone take cannot be true, nor one of several times the forecast: it is
   * ignored, since a forecast that is too small is what gets a process killed.
   */
  correct(key: string, forecast: Footprint): Footprint {
    const peak = this.peaks.get(key);
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

  private async write(): Promise<boolean> {
    const path = join(this.folder, FILE_NAME);
    const temporary = `${path}.${process.pid}-${randomBytes(4).toString("hex")}.tmp`;
    const entries = [...this.peaks].map(([key, peakBytes]) => ({ key, peakBytes }));
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

async function readPeaks(path: string): Promise<Map<string, number>> {
  try {
    const found = await lstat(path).catch(() => null);
    if (found === null) return new Map();
    // A pipe would block the read for ever, and a file of gigabytes fill the memory it is meant to save.
    if (!found.isFile() || found.size > MAX_FILE_BYTES) throw new Error("no such file is written here");
    const { entries } = fileSchema.parse(JSON.parse(await readFile(path, "utf8")));
    const peaks = new Map(entries.map(({ key, peakBytes }) => [key, peakBytes]));
    keepNewest(peaks);
    return peaks;
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

function keepNewest(peaks: Map<string, number>): void {
  for (const key of peaks.keys()) {
    if (peaks.size <= MAX_ENTRIES) return;
    peaks.delete(key);
  }
}
