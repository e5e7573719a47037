/** A line of the output: what was measured, and what it should be. */
export interface Row {
  name: string;
  value: string;
  goal?: { words: string; isMet: boolean };
}

/** @param most what the figure may be at most */
export function figure(name: string, value: number, unit: string, most?: number): Row {
  const shown = `${value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString("en")} ${unit}`;
  if (most === undefined) return { name, value: shown };
  return { name, value: shown, goal: { words: `at most ${most.toLocaleString("en")} ${unit}`, isMet: value <= most } };
}

export function printTable(title: string, rows: readonly Row[]): void {
  console.log(`## ${title}\n`);
  for (const { name, value, goal } of rows) {
    const asked = goal === undefined ? "" : `  goal: ${goal.words}${goal.isMet ? "" : "  MISSED"}`;
    console.log(`${name.padEnd(48)} ${value.padStart(16)}${asked}`);
  }
  console.log();
}

/** @param share 0 to 1 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

/** A frame that a visitor sees as a stutter. */
const LONG_FRAME_MS = 50;

/** Frame times as rows. At 60 frames a second one takes 16.7 ms; two of them are hard to see. */
export function frameRows({ frames, blocked }: { frames: readonly number[]; blocked: readonly number[] }): Row[] {
  const long = frames.filter((frame) => frame > LONG_FRAME_MS).length;
  return [
    figure("frame time, median", quantile(frames, 0.5), "ms", 17),
    figure("frame time, 95 of 100", quantile(frames, 0.95), "ms", 34),
    figure("frame time, longest", Math.max(...frames), "ms", 100),
    figure(`frames over ${LONG_FRAME_MS} ms, of ${frames.length.toLocaleString("en")}`, long, "", frames.length / 100),
    figure("  in the longest, blocked by the page itself", Math.max(0, ...blocked), "ms", LONG_FRAME_MS),
  ];
}

/** Processor time of the page's main thread, in shares of the time that passed. */
export function busyRows({
  busy,
  elapsed,
}: {
  busy: { tasks: number; scripts: number; layout: number };
  elapsed: number;
}): Row[] {
  const share = (time: number) => (100 * time) / elapsed;
  return [
    figure("processor time of the page's main thread", share(busy.tasks), "%"),
    figure("  in scripts", share(busy.scripts), "%"),
    figure("  in styles and layout", share(busy.layout), "%"),
  ];
}
