import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  readRememberedThreads,
  threadLadder,
  ThreadTuner,
  type TunerOptions,
} from "../../../lib/engine/child/thread-tuner";

/** What a step costs in a made-up machine, and whether it was a disaster: threads spinning for others that have no core. */
interface Step {
  ms: number;
  cpuMs: number | undefined;
  disaster: boolean;
}

interface Machine {
  seed: number;
  /** Shares of the work that no second thread helps with, and what each further thread costs; both of one thread's time. */
  serial: number;
  barrier: number;
  noise: number;
  /** Cores that others leave free at a step. */
  freeCores: (step: number) => number;
  /** How many times as slow a disaster is. */
  disasterFactor: number;
  /** Whether the tuner is told CPU time. */
  tellsCpu: boolean;
}

/** A number from 0 to 1 for each (seed, step, purpose): every strategy meets the same machine at the same step. */
function chance(seed: number, step: number, purpose: number): number {
  let x = (seed * 0x9e3779b1) ^ (step * 0x85ebca6b) ^ (purpose * 0xc2b2ae35);
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
}

function runStep(machine: Machine, step: number, threads: number): Step {
  const free = machine.freeCores(step);
  const alone = machine.serial + (1 - machine.serial) / threads + machine.barrier * (threads - 1);
  const share = Math.min(1, Math.max(free, 0.5) / threads);
  const disaster = threads > 1 && threads > free && chance(machine.seed, step, threads) < 0.7;
  const outlier = chance(machine.seed, step, 101) < 0.03 ? 2 : 1;
  const noise = 1 + machine.noise * (chance(machine.seed, step, 102) * 2 - 1);
  const ms = 10 * (disaster ? machine.disasterFactor : alone / (threads === 1 ? share : 1)) * outlier * noise;
  return { ms, cpuMs: machine.tellsCpu ? ms * threads * share : undefined, disaster };
}

function totalMs(machine: Machine, steps: number, threads: number): number {
  let total = 0;
  for (let step = 0; step < steps; step++) total += runStep(machine, step, threads).ms;
  return total;
}

function drive(machine: Machine, steps: number, options: TunerOptions) {
  const tuner = new ThreadTuner(options);
  const choices: number[] = [];
  const disasters: number[] = [];
  let total = 0;
  for (let step = 0; step < steps; step++) {
    const threads = tuner.choose();
    const { ms, cpuMs, disaster } = runStep(machine, step, threads);
    tuner.observe(threads, 1, ms, cpuMs);
    choices.push(threads);
    if (disaster) disasters.push(step);
    total += ms;
  }
  return { tuner, choices, disasters, total };
}

const overBestFixed = (machine: Machine, steps: number, options: TunerOptions): number =>
  drive(machine, steps, options).total /
  Math.min(...threadLadder(options.max).map((threads) => totalMs(machine, steps, threads)));

const machines = fc.record({
  seed: fc.nat(),
  serial: fc.double({ min: 0, max: 0.6, noNaN: true }),
  barrier: fc.constantFrom(0, 0.01, 0.05, 0.2, 0.6),
  noise: fc.double({ min: 0, max: 0.15, noNaN: true }),
  disasterFactor: fc.constantFrom(4, 10, 50, 200),
  tellsCpu: fc.boolean(),
});

const options = fc
  .record({ kind: fc.constantFrom("decode" as const, "prefill" as const), max: fc.integer({ min: 1, max: 16 }) })
  .chain(({ kind, max }) => fc.record({ kind: fc.constant(kind), max: fc.constant(max), first: fc.nat(max) }));

/** Who is not told CPU time starts with one thread: nothing else tells a first step from a disaster. */
const startOf = (machine: { tellsCpu: boolean }, chosen: TunerOptions): TunerOptions =>
  machine.tellsCpu ? chosen : { ...chosen, first: 1 };

const quiet = { freeCores: () => Infinity };
const usualMachine: Machine = {
  seed: 1,
  serial: 0.05,
  barrier: 0.02,
  noise: 0.1,
  disasterFactor: 50,
  tellsCpu: true,
  ...quiet,
};

/**
 * What is promised is a cost on the average, and none that anybody would notice: a machine made up of the worst of everything
 * can always be found. The machines are the same at every run.
 */
function expectHardlyMore(
  count: number,
  ratioOf: (machine: Omit<Machine, "freeCores">, chosen: TunerOptions, share: number) => number,
): void {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const ratios = fc
    .sample(fc.tuple(machines, options, share), { seed: 1, numRuns: count })
    .map((parts) => ratioOf(...parts));
  expect(ratios.reduce((sum, ratio) => sum + ratio, 0) / count).toBeLessThan(1.03);
  expect(Math.max(...ratios)).toBeLessThan(1.08);
}

describe("ThreadTuner", () => {
  it("costs hardly more than the best fixed number on a quiet machine", () => {
    expectHardlyMore(150, (machine, chosen) => overBestFixed({ ...machine, ...quiet }, 20_000, chosen));
  });

  it("costs hardly more than the best fixed number while others keep cores busy", () => {
    expectHardlyMore(60, (machine, chosen, free) =>
      overBestFixed({ ...machine, freeCores: () => 0.5 + free / 2 }, 60_000, startOf(machine, chosen)),
    );
  });

  it("costs hardly more than the best fixed number where contention comes and goes", () => {
    expectHardlyMore(60, (machine, chosen, share) => {
      const period = 500 + Math.floor(share * 9500);
      const freeCores = (step: number): number => (Math.floor(step / period) % 2 === 0 ? Infinity : 0.67);
      return overBestFixed({ ...machine, freeCores }, 60_000, startOf(machine, chosen));
    });
  });

  it("waits ever longer between disasters, and never has two in a row on two cores", () => {
    fc.assert(
      fc.property(machines, fc.constantFrom("decode" as const, "prefill" as const), (machine, kind) => {
        // Four times is too little to be one: a single thread has only two thirds of a core here.
        const disasterFactor = Math.max(10, machine.disasterFactor);
        const contended = { ...machine, disasterFactor, tellsCpu: true, freeCores: () => 0.67 };
        const { disasters } = drive(contended, 20_000, { kind, max: 2, first: 2 });
        const gaps = disasters.slice(1).map((step, index) => step - (disasters[index] ?? 0));
        expect(gaps.every((gap) => gap > 1)).toBe(true);
        expect(disasters.length).toBeLessThan(15);
      }),
      { seed: 1 },
    );
  });

  it("leaves two threads after one step when both cores become busy, and comes back when they are free", () => {
    for (const kind of ["decode", "prefill"] as const) {
      const freeCores = (step: number): number => (step >= 1000 && step < 1500 ? 0.67 : Infinity);
      const { choices, disasters } = drive({ ...usualMachine, freeCores }, 8000, { kind, max: 2, first: 2 });
      expect(choices.slice(900, 1000).filter((threads) => threads === 2).length).toBeGreaterThan(90);
      expect(disasters.length).toBeLessThanOrEqual(2);
      expect(choices.slice(1010, 1500).filter((threads) => threads === 1).length).toBeGreaterThan(450);
      expect(choices.at(-1)).toBe(2);
    }
  });

  it("is never in the same disaster for a second step however many cores there are", () => {
    const freeCores = (step: number): number => (step < 500 ? Infinity : 5);
    const { choices, disasters } = drive({ ...usualMachine, freeCores }, 3000, { kind: "decode", max: 16, first: 16 });
    const repeated = disasters.filter((step) => disasters.includes(step + 1) && choices[step] === choices[step + 1]);
    expect(repeated).toEqual([]);
    expect(disasters.length).toBeLessThan(20);
  });

  it("finds the best number in the first answer, wherever it starts", () => {
    for (const first of [1, 2, 4, 8]) {
      const { tuner } = drive({ ...usualMachine, barrier: 0.05 }, 200, { kind: "decode", max: 8, first });
      expect([3, 4, 6]).toContain(tuner.choice);
    }
    expect(drive(usualMachine, 8, { kind: "prefill", max: 2, first: 1 }).tuner.choice).toBe(2);
  });

  it("tries other numbers for less than 2 % of its steps in the long run", () => {
    const { choices } = drive(usualMachine, 50_000, { kind: "decode", max: 2, first: 1 });
    expect(choices.slice(10_000).filter((threads) => threads !== 2).length).toBeLessThan(800);
    expect(choices.slice(10_000)).toContain(1);
  });

  it("does not take a second thread onto cores that others keep busy", () => {
    const { choices } = drive({ ...usualMachine, freeCores: () => 0.67 }, 1000, { kind: "decode", max: 2, first: 1 });
    expect(new Set(choices)).toEqual(new Set([1]));
  });

  it("chooses the same for the same steps", () => {
    fc.assert(
      fc.property(machines, options, (machine, chosen) => {
        const run = () =>
          drive({ ...machine, freeCores: (step) => (step % 700 < 300 ? 0.67 : Infinity) }, 2000, chosen);
        expect(run().choices).toEqual(run().choices);
      }),
      { numRuns: 30 },
    );
  });

  it("chooses a number of the ladder whatever it is told", () => {
    const figure = fc.oneof(fc.double(), fc.integer(), fc.double({ min: 0, max: 1e4 }));
    fc.assert(
      fc.property(options, fc.array(fc.tuple(fc.boolean(), figure, figure, fc.option(figure))), (chosen, told) => {
        const tuner = new ThreadTuner(chosen);
        for (const [asked, tokens, ms, cpuMs] of told) {
          tuner.observe(asked ? tuner.choose() : 3, tokens, ms, cpuMs ?? undefined);
          expect(threadLadder(chosen.max)).toContain(tuner.choose());
        }
      }),
    );
  });
});

describe("threadLadder", () => {
  it("has fewer candidates between more cores, and ends at the last core", () => {
    expect(threadLadder(1)).toEqual([1]);
    expect(threadLadder(2)).toEqual([1, 2]);
    expect(threadLadder(5)).toEqual([1, 2, 3, 4, 5]);
    expect(threadLadder(16)).toEqual([1, 2, 3, 4, 6, 8, 12, 16]);
    expect(threadLadder(20)).toEqual([1, 2, 3, 4, 6, 8, 12, 16, 20]);
  });

  it.each([0, -3, 0.5, Number.NaN])("is one thread for %s cores", (max) => expect(threadLadder(max)).toEqual([1]));
});

describe("readRememberedThreads", () => {
  it("reads what was stored, on fewer cores too", () => {
    expect(readRememberedThreads({ decode: 1, prefill: 8 }, 16)).toEqual({ decode: 1, prefill: 8 });
    expect(readRememberedThreads({ decode: 1, prefill: 8 }, 2)).toEqual({ decode: 1, prefill: 2 });
  });

  it.each([null, undefined, "2", [], {}, { decode: 1 }, { decode: 0, prefill: 1 }, { decode: 1.5, prefill: 1 }])(
    "takes %j for nothing remembered",
    (data) => expect(readRememberedThreads(data, 8)).toBeNull(),
  );

  it("gives numbers of threads or nothing for any data", () => {
    const data = fc.oneof(
      fc.anything(),
      fc.record({ decode: fc.oneof(fc.anything(), fc.nat(1000)), prefill: fc.nat(1000) }),
    );
    fc.assert(
      fc.property(data, fc.integer({ min: 1, max: 64 }), (stored, max) => {
        const read = readRememberedThreads(stored, max);
        for (const threads of read === null ? [] : [read.decode, read.prefill]) {
          expect(Number.isInteger(threads)).toBe(true);
          expect(threads).toBeGreaterThanOrEqual(1);
          expect(threads).toBeLessThanOrEqual(max);
        }
      }),
    );
  });
});
