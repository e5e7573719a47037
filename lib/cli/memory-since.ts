import { createRuntime, loadConfig } from "../runtime";
import {
  encodeMemoryEvents,
  encodeMemorySamples,
  parseMemoryEventQuery,
  parseSampleQuery,
  type MemoryEventsBody,
  type MemorySamplesBody,
} from "../wire";
import { describeEvent } from "./memory-event";
import { bytes, printJson, printTable, timeText } from "./output";
import { engineChildPath } from "./paths";
import { askServer, isNobodyThere, type ServerOptions } from "./server-client";

type Series = MemorySamplesBody["series"][number];
type Past = MemorySamplesBody & MemoryEventsBody;

/** Owners as people read them. */
const NAMES: Record<Series["of"], string> = {
  server: "web server",
  spare: "spare process",
  model: "model",
  container: "container",
  host: "machine",
  gpu: "GPU",
  budget: "budget",
};

/**
 * The peaks of every series in the last `ms`, and what happened to models: of the running server; when none runs, what its
 * database still holds.
 */
export async function showMemorySince(ms: number, options: ServerOptions): Promise<void> {
  const past = await readPast(ms, options);
  if (options.json) return printJson(past);
  if (past.times.length === 0) {
    process.stdout.write("Nothing was sampled in this time: samples are taken while `memwell serve` runs.\n");
    return;
  }
  printTable([
    ["SERIES", "FIGURE", "LAST", "MEAN", "PEAK", "PEAK AT"],
    ...past.series.map((series) => rowOf(series, past.times)),
  ]);
  if (past.events.length === 0) return;
  process.stdout.write("\n");
  printTable([["TIME", "EVENT"], ...past.events.map((event) => [timeText(event.time), describeEvent(event)])]);
}

function rowOf({ of, name, figure, mean, max }: Series, times: readonly number[]): string[] {
  const known = mean.flatMap((value) => value ?? []);
  const peak = Math.max(...max.flatMap((value) => value ?? []));
  const peakAt = times[max.indexOf(peak)];
  return [
    name === null ? NAMES[of] : `${NAMES[of]} ${name}`,
    figure,
    bytes(mean.findLast((value) => value !== null)),
    bytes(known.reduce((sum, value) => sum + value, 0) / known.length),
    bytes(peak),
    // A limit has no peak.
    figure === "limit" || peakAt === undefined ? "-" : timeText(peakAt),
  ];
}

async function readPast(ms: number, options: ServerOptions): Promise<Past> {
  const to = Date.now();
  const query = new URLSearchParams({ from: String(Math.max(0, Math.floor(to - ms))), to: String(to) });
  try {
    const samples = await askServer<MemorySamplesBody>(options, "GET", `/api/memory/samples?${query}`);
    const events = await askServer<MemoryEventsBody>(options, "GET", `/api/memory/events?${query}`);
    return { ...samples, ...events };
  } catch (thrown) {
    if (!isNobodyThere(thrown, options)) throw thrown;
  }
  const runtime = await createRuntime(loadConfig(process.env), { childScript: engineChildPath(), keepSpare: false });
  try {
    const samples = encodeMemorySamples(await runtime.memorySamples(parseSampleQuery(query, to)));
    return { ...samples, ...encodeMemoryEvents(runtime.memoryEvents(parseMemoryEventQuery(query))) };
  } finally {
    await runtime.close();
  }
}
