import type { MemorySample, SampledFigure } from "../../lib/memory";
import { openDatabase, SampleStore } from "../../lib/store";

const EVERY_MS = 2_000;
const BATCH_MS = 5 * 60_000;
const TRIM_EVERY = 6;

/** As a server with two models, a container and a GPU has them. */
const SERIES: Omit<SampledFigure, "bytes" | "peak">[] = [
  ...(["server", "spare"] as const).flatMap((of) => processOf(of, null)),
  ...["demo-response", "demo-reasoning"].flatMap((name) => processOf("model", name)),
  ...(["used", "anonymous", "file", "limit"] as const).map(
    (figure) => ({ of: "container", name: null, figure }) as const,
  ),
  ...(["used", "file", "limit"] as const).map((figure) => ({ of: "host", name: null, figure }) as const),
  ...(["used", "limit"] as const).map((figure) => ({ of: "gpu", name: "0", figure }) as const),
  { of: "budget", name: null, figure: "limit" },
];

/** Fills the database of a data folder with samples up to now. */
export function writeSamples(folder: string, spanMs: number): { samples: number; series: number } {
  const { database } = openDatabase(folder);
  const end = Date.now();
  let now = end;
  const store = new SampleStore(database, { now: () => now });
  let samples = 0;
  let batches = 0;
  for (let begin = end - spanMs; begin < end; begin += BATCH_MS) {
    const batch = Array.from({ length: BATCH_MS / EVERY_MS }, (_, index) => sampleAt(begin + index * EVERY_MS));
    now = begin + BATCH_MS;
    store.append(batch);
    samples += batch.length;
    if (++batches % TRIM_EVERY === 0) store.trim();
  }
  database.close();
  return { samples, series: SERIES.length };
}

function processOf(of: SampledFigure["of"], name: string | null): Omit<SampledFigure, "bytes" | "peak">[] {
  return (["resident", "anonymous", "file"] as const).map((figure) => ({ of, name, figure }));
}

/** Whole pages that wander, as memory does. */
function sampleAt(time: number): MemorySample {
  const figures = SERIES.map((series, index) => {
    const bytes =
      4_096 * Math.round((1 + index) * 20_000 + 10_000 * Math.sin(time / 1e6 + index) + 500 * Math.random());
    return { ...series, bytes, peak: bytes };
  });
  return { time, figures };
}
