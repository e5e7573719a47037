import fc from "fast-check";
import { expect, it } from "vitest";
import type { MemorySample } from "../../../lib/memory";
import { openDatabase, SampleStore } from "../../../lib/store";
import { testFolder } from "./folder";
import { countsOf, DAY, HOUR, MINUTE, MODEL, plainPoints, readPoints, sampleAt, SERVER } from "./samples-support";

const START = 1_800_000_000_000;

/** What happens to a store: a sample so much later (or earlier: a clock is set), a batch, a kill and a restart, a trim. */
const step = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({ after: fc.integer({ min: 1, max: 4_000 }), bytes: fc.nat(1e12), spike: fc.nat(1e9) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      after: fc.integer({ min: -90_000, max: 20 * HOUR }),
      bytes: fc.nat(1e12),
      spike: fc.nat(9),
    }),
  },
  { weight: 3, arbitrary: fc.constant("write" as const) },
  { weight: 1, arbitrary: fc.constant("kill" as const) },
  { weight: 1, arbitrary: fc.constant("trim" as const) },
);

/** The ranges that each level is there for, with the step that it is then shown by. */
const WINDOWS = [
  { span: 15 * MINUTE, step: 2_000 },
  { span: 13 * HOUR, step: 30_000 },
  { span: 7 * DAY, step: 5 * MINUTE },
];

it("whatever comes in whatever batches: counts, least, mean and most stay exact on every level, over restarts too", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 120 }), async (steps) => {
      const folder = testFolder();
      let now = START;
      const open = () => {
        const { database } = openDatabase(folder);
        return { database, store: new SampleStore(database, { now: () => now }) };
      };
      let { database, store } = open();
      const written: MemorySample[] = [];
      let waiting: MemorySample[] = [];
      let trimmed = false;
      for (const one of steps) {
        if (one === "write") {
          store.append(waiting);
          written.push(...waiting);
          waiting = [];
        } else if (one === "trim") {
          store.trim();
          trimmed = true;
        } else if (one === "kill") {
          // What was not written is lost, and nothing else.
          waiting = [];
          database.close();
          ({ database, store } = open());
        } else {
          const time = now + one.after;
          now = Math.max(now, time);
          waiting.push(sampleAt(time, [SERVER, one.bytes, one.bytes + one.spike], ...odd(time, one.bytes)));
        }
      }
      if (!trimmed)
        for (const counts of countsOf(database))
          expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(
            written.reduce((sum, { figures }) => sum + figures.length, 0),
          );
      for (const { span, step } of WINDOWS) {
        const range = { from: now - span, to: now + 1, points: 2_100, step };
        const answer = await store.read(range, () => waiting);
        expect(answer.step).toBe(step);
        expect(readPoints(answer)).toEqual(plainPoints([...written, ...waiting], step, range.from, range.to));
      }
      database.close();
    }),
    { numRuns: 60 },
  );
}, 60_000);

/** A series that comes and goes. */
function odd(time: number, bytes: number): [typeof MODEL, number][] {
  return time % 3 === 0 ? [[MODEL, bytes % 1_000]] : [];
}
