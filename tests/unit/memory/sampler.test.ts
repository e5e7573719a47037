import { describe, expect, it } from "vitest";
import {
  type LatestGpus,
  SampleReader,
  startSampler,
  type GpuStatus,
  type MemoryUse,
  type ProcessMemory,
  type SampledProcess,
} from "../../../lib/memory";

const use: MemoryUse = {
  usedBytes: 70,
  anonymous: 60,
  unevictable: 4,
  kernel: 6,
  file: 500,
  currentBytes: 570,
  source: "cgroup",
};
const processMemory = (rss: number, peak: number): ProcessMemory => ({
  rss,
  peak,
  anonymous: rss - 10,
  file: 9,
  shared: 1,
});
const gpus = (used: number | null): GpuStatus => ({
  gpus: [
    {
      index: 0,
      uuid: null,
      name: null,
      driverVersion: null,
      totalBytes: 900,
      usedBytes: used,
      freeBytes: null,
      utilizationPercent: null,
      migEnabled: null,
      processes: [],
    },
  ],
  processes: [],
  problem: null,
  message: null,
});

function machine(gpuStatus: () => GpuStatus | null = () => null) {
  const held = new Map<number, ProcessMemory>([[1, processMemory(100, 120)]]);
  const processes: SampledProcess[] = [{ of: "server", name: null, pid: 1 }];
  const state: { container: MemoryUse | null; host: MemoryUse | null } = { container: use, host: null };
  const reader = new SampleReader({
    processes: () => processes,
    limits: { container: 1_000, host: 2_000, budget: 800 },
    gpus: { read: gpuStatus } as unknown as LatestGpus,
    readers: { process: (pid) => held.get(pid) ?? null, container: () => state.container, host: () => state.host },
  });
  const read = () =>
    Object.fromEntries(
      reader
        .read(5)
        .figures.map(({ of, name, figure, bytes, peak }) => [
          [of, name, figure].filter((part) => part !== null).join(" "),
          peak === bytes ? bytes : [bytes, peak],
        ]),
    );
  return { held, processes, state, read };
}

describe("a sample", () => {
  it("has the processes, the container and the budget, and nothing of what nobody knows", () => {
    expect(machine().read()).toEqual({
      "server resident": [100, 120],
      "server anonymous": 90,
      "server file": 9,
      "container used": 70,
      "container anonymous": 60,
      "container file": 500,
      "container limit": 1_000,
      "budget limit": 800,
    });
  });

  it("has the machine where there is no container, and a model by its id until its process is gone", () => {
    const { held, processes, state, read } = machine();
    state.container = null;
    state.host = { ...use, source: "host" };
    processes.push({ of: "model", name: "demo", pid: 2 });
    held.set(2, processMemory(50, 50));
    expect(read()).toMatchObject({ "host used": 70, "host limit": 2_000, "model demo resident": 50 });
    held.delete(2);
    expect(Object.keys(read()).filter((name) => name.startsWith("model"))).toEqual([]);
  });

  it("counts the kernel's high-water mark for the sample in which it rose, and for no other", () => {
    const { held, read } = machine();
    expect(read()["server resident"]).toEqual([100, 120]);
    expect(read()["server resident"]).toBe(100);
    held.set(1, processMemory(110, 400));
    expect(read()["server resident"]).toEqual([110, 400]);
    held.set(1, processMemory(90, 400));
    expect(read()["server resident"]).toBe(90);
  });

  it("a process that takes another role keeps its mark: a spare's past is no peak of the model it becomes", () => {
    const { held, processes, read } = machine();
    processes.push({ of: "spare", name: null, pid: 3 });
    held.set(3, processMemory(20, 80));
    expect(read()["spare resident"]).toEqual([20, 80]);
    processes[1] = { of: "model", name: "demo", pid: 3 };
    expect(read()["model demo resident"]).toBe(20);
  });

  it("has each answer of the GPU's driver once", () => {
    let status: GpuStatus | null = gpus(300);
    const { read } = machine(() => status);
    expect(read()).toMatchObject({ "gpu 0 used": 300, "gpu 0 limit": 900 });
    expect(read()).not.toHaveProperty("gpu 0 used");
    status = gpus(null);
    expect(read()).toMatchObject({ "gpu 0 limit": 900 });
    expect(read()).not.toHaveProperty("gpu 0 used");
  });
});

describe("the sampler", () => {
  /** A clock whose timers come late or early by what `error` says. */
  function run(begin: number, error: () => number, count: number): number[] {
    let now = begin;
    let next: { at: number; task: () => void } | null = null;
    const times: number[] = [];
    const stop = startSampler({
      read: (time) => ({ time, figures: [] }),
      take: ({ time }) => void times.push(time),
      clock: {
        time: () => now,
        after: (ms, task) => {
          next = { at: now + ms, task };
          return () => (next = null);
        },
      },
    });
    while (times.length < count && next !== null) {
      const { at, task } = next as { at: number; task: () => void };
      now = Math.max(now, at + error());
      next = null;
      task();
    }
    stop();
    expect(next).toBeNull();
    return times;
  }

  it.each([0, 1, 999, 1_000, 1_999])(
    "takes one in every two seconds, however late or early timers are (from %i ms)",
    (rest) => {
      const errors = [0, 3, -1, 40, 900, -2, 0, 700];
      let index = 0;
      const times = run(1_800_000_000_000 + rest, () => errors[index++ % errors.length] ?? 0, 500);
      const buckets = times.map((time) => Math.floor(time / 2_000));
      // The one at the start comes when it comes.
      expect(new Set(buckets.slice(1)).size).toBe(buckets.length - 1);
      expect((buckets.at(-1) ?? 0) - (buckets[1] ?? 0)).toBe(buckets.length - 2);
    },
  );

  it("goes on when one cannot be read or kept", () => {
    let reads = 0;
    const taken: number[] = [];
    let next: (() => void) | null = null;
    startSampler({
      read: (time) => {
        if (++reads === 2) throw new Error("no");
        return { time, figures: [] };
      },
      take: ({ time }) => {
        taken.push(time);
        if (reads === 3) throw new Error("full");
      },
      clock: { time: () => reads, after: (_, task) => ((next = task), () => {}) },
    });
    for (let tick = 0; tick < 3; tick++) (next as unknown as () => void)();
    expect([reads, taken.length]).toEqual([4, 3]);
  });
});
