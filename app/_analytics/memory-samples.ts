import type { MemorySamplesBody } from "@/lib/wire";

/** What the server kept of a stretch of time, as the page puts it together from one answer and what was new after it. */
export interface SampleHistory {
  /** How long a bucket lasts, in ms. */
  step: number;
  /** What to ask for what is new with. */
  next: number;
  /** The end of the stretch by the server's clock, in ms since 1970. */
  to: number;
  lines: readonly Pick<MemoryLine, "key" | "name">[];
  /** The most of each line in bytes, by the time at which a bucket begins. */
  buckets: ReadonlyMap<number, ReadonlyMap<string, number>>;
}

export interface MemoryPoint {
  /** In ms since 1970. */
  time: number;
  /** The most that was held while the point lasts. */
  bytes: number;
}

/** One line of the chart, oldest point first. */
export interface MemoryLine {
  key: string;
  name: string;
  points: MemoryPoint[];
}

type Series = MemorySamplesBody["series"][number];

/** In the order of the legend: what is asked about most stands first. */
const LINES: readonly { of: Series["of"]; figure: Series["figure"]; name: (name: string | null) => string }[] = [
  { of: "container", figure: "used", name: () => "container" },
  { of: "host", figure: "used", name: () => "machine" },
  { of: "server", figure: "resident", name: () => "web server" },
  { of: "model", figure: "resident", name: (name) => name ?? "a model" },
  { of: "gpu", figure: "used", name: (name) => `GPU ${name ?? ""}`.trim() },
];

/**
 * The history with what an answer brings. Pure.
 *
 * @param known null before the first answer
 * @param span in ms: what is older falls out
 */
export function withSamples(known: SampleHistory | null, body: MemorySamplesBody, span: number): SampleHistory {
  const isMore = known !== null && known.step === body.step;
  const lines = new Map(isMore ? known.lines.map((line) => [line.key, line]) : []);
  const buckets = new Map(isMore ? known.buckets : []);
  const shown = body.series.flatMap((series) => {
    const line = lineOf(series);
    return line === null ? [] : [{ ...line, most: series.max }];
  });
  for (const { key, name } of shown) lines.set(key, { key, name });
  for (const [index, time] of body.times.entries())
    buckets.set(time, new Map(shown.flatMap(({ key, most }) => (most[index] == null ? [] : [[key, most[index]]]))));
  for (const time of buckets.keys()) if (time + body.step < body.to - span) buckets.delete(time);
  return { step: body.step, next: body.next, to: body.to, lines: [...lines.values()], buckets };
}

/** The lines that have anything to show, in the order of the legend. Pure. */
export function linesOf({ lines, buckets }: SampleHistory): MemoryLine[] {
  const inOrder = [...buckets].sort(([left], [right]) => left - right);
  const found = lines.map(({ key, name }) => ({
    key,
    name,
    points: inOrder.flatMap(([time, figures]) => {
      const bytes = figures.get(key);
      return bytes === undefined ? [] : [{ time, bytes }];
    }),
  }));
  const place = ({ key }: MemoryLine): number => LINES.findIndex(({ of }) => key.startsWith(`${of}/`));
  return found
    .filter(({ points }) => points.length > 0)
    .sort((left, right) => place(left) - place(right) || left.name.localeCompare(right.name));
}

/** A row for each time at which any line has a point: the time, and of each line its bytes, or null. Pure. */
export function sampleRows(lines: readonly MemoryLine[]): (string | number | null)[][] {
  const byTime = lines.map(({ points }) => new Map(points.map(({ time, bytes }) => [time, bytes])));
  const times = new Set(lines.flatMap(({ points }) => points.map(({ time }) => time)));
  return [...times]
    .sort((left, right) => left - right)
    .map((time) => [new Date(time).toISOString(), ...byTime.map((points) => points.get(time) ?? null)]);
}

function lineOf({ of, name, figure }: Series): Pick<MemoryLine, "key" | "name"> | null {
  const line = LINES.find((each) => each.of === of && each.figure === figure);
  return line === undefined ? null : { key: `${of}/${name ?? ""}`, name: line.name(name) };
}
