import fc from "fast-check";
import { expect, it } from "vitest";
import { MINE, question, testStores } from "./conversations-stores";

type Step =
  | { kind: "append"; process: number; count: number }
  | { kind: "read"; reader: number; limit: number }
  | { kind: "return"; reader: number; to: number }
  | { kind: "finish"; process: number };

const index = fc.nat(1);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("append" as const), process: index, count: fc.nat(5) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("read" as const),
      reader: fc.nat(2),
      limit: fc.integer({ min: 1, max: 6 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("return" as const), reader: fc.nat(2), to: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("finish" as const), process: index }) },
);

it("whoever appends, finishes and reads in whatever order, each reader sees each event once, and one finisher wins", async () => {
  const first = testStores();
  const second = testStores({ folder: first.folder, run: { server: "server-2" } });
  const processes = [first.runs, second.runs] as const;
  const of = (number: number) => (number === 0 ? processes[0] : processes[1]);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const turn = await question(first);
      const { id } = await first.runs.begin(MINE, turn);
      const model: number[] = [];
      const seen: number[][] = [[], [], []];
      let winners = 0;
      const read = async (reader: number, limit: number) => {
        const list = seen[reader] ?? [];
        const { events, run } = await of(reader % 2).events(MINE, id, { after: list.length, limit });
        expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, at) => list.length + at + 1));
        list.push(...events.map(({ event }) => Number(event)));
        expect(run).toMatchObject({ lastSequence: model.length, outcome: winners === 0 ? null : "done" });
        return list.length < run.lastSequence;
      };
      for (const taken of steps) {
        if (taken.kind === "append") {
          const events = Array.from({ length: taken.count }, (_, at) => 1_000 * model.length + at);
          const appended = of(taken.process).append(MINE, id, events);
          if (winners > 0) await expect(appended).rejects.toMatchObject({ code: "aborted" });
          else expect(await appended).toBe(model.push(...events));
        } else if (taken.kind === "read") await read(taken.reader, taken.limit);
        else if (taken.kind === "return") seen[taken.reader]?.splice(taken.to);
        else if (await of(taken.process).finish(MINE, id, "done")) winners += 1;
      }
      // Both at once, so that each has to bear the other.
      const last = await Promise.all(processes.map((runs) => runs.finish(MINE, id, "done")));
      expect(winners + last.filter(Boolean).length).toBe(1);
      winners = 1;
      for (const [reader, list] of seen.entries()) {
        for (let page = 0; page < 100 && (await read(reader, 7)); page++);
        expect(list).toEqual(model);
      }
    }),
    { numRuns: 60 },
  );
}, 30_000);
