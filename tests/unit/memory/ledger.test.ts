import { describe, expect, it, vi } from "vitest";
import type { GpuStatus } from "../../../lib/memory";
import { MemwellError } from "../../../lib/errors";
import { ledgerMachine } from "./ledger-machine";

const PID = 42;

describe("a step", () => {
  it("is written at its start, and at its end with its peak", () => {
    const machine = ledgerMachine();
    machine.hold(PID, 100);
    const subject = { run: "run-1", turn: 2, model: "demo", pid: PID, forecastBytes: 150 };
    const step = machine.ledger.logMemory("load", subject);
    expect(machine.records.map(({ phase }) => phase)).toEqual(["start"]);
    machine.hold(PID, 170);
    machine.pass(100);
    machine.hold(PID, 120);
    machine.pass(540);
    step.end({ tokens: 12 });
    const common = { step: "load", run: "run-1", turn: 2, model: "demo", pid: PID, forecastBytes: 150 };
    const around = { serverBytes: 1_000, cgroupBytes: 5_000, hostBytes: 9_000, gpuBytes: null };
    const unfinished = { durationMs: null, tokens: null, outcome: null };
    const time = 1_800_000_000_000;
    expect(machine.records).toMatchObject([
      { ...common, ...around, ...unfinished, phase: "start", time, processBytes: 100 },
      { ...common, ...around, ...unfinished, phase: "peak", time: time + 100, processBytes: 170 },
      {
        ...common,
        ...around,
        phase: "end",
        time: time + 640,
        processBytes: 120,
        durationMs: 640,
        tokens: 12,
        outcome: "done",
      },
    ]);
    expect(new Set(machine.records.map(({ stepId }) => stepId)).size).toBe(1);
  });

  it("ends once", () => {
    const machine = ledgerMachine();
    const step = machine.ledger.logMemory("decode");
    step.end({ outcome: "failed" });
    step.end({ outcome: "done" });
    expect(machine.records.map(({ outcome }) => outcome)).toEqual([null, null, "failed"]);
    expect(machine.lines).toHaveLength(1);
  });

  it("learns its process later, as a start does", () => {
    const machine = ledgerMachine();
    const step = machine.ledger.logMemory("start", { model: "demo" });
    machine.pass(100);
    machine.hold(PID, 90);
    step.pid = PID;
    machine.hold(PID, 80);
    step.end();
    expect(machine.phase("start")).toMatchObject({ pid: null, processBytes: null });
    expect(machine.phase("peak")).toMatchObject({ pid: PID, processBytes: 90 });
    expect(machine.phase("end")).toMatchObject({ pid: PID, processBytes: 80 });
  });

  it("whose process goes, as in an unload, ends with nothing known of it", () => {
    const machine = ledgerMachine();
    machine.hold(PID, 500);
    const step = machine.ledger.logMemory("unload", { pid: PID });
    machine.hold(PID);
    machine.around.container = 4_500;
    machine.pass(100);
    step.end();
    expect(machine.phase("peak")).toMatchObject({ processBytes: 500, cgroupBytes: 5_000 });
    expect(machine.phase("end")).toMatchObject({ processBytes: null, cgroupBytes: 4_500 });
  });

  it.each<[string, unknown, string]>([
    ["a caller who left", new MemwellError("aborted", "left"), "aborted"],
    ["an unload", new MemwellError("engine_stopped", "unloaded"), "aborted"],
    ["a crash", new MemwellError("engine_crashed", "crashed"), "failed"],
    ["whatever else is thrown", null, "failed"],
  ])("around work ends as %s ends it, and throws it on", async (_, thrown, outcome) => {
    const machine = ledgerMachine();
    const work = machine.ledger.during("save", {}, () => Promise.reject(thrown as Error));
    await expect(work).rejects.toBe(thrown);
    expect(machine.phase("end")).toMatchObject({ outcome, tokens: null });
  });

  it("around work ends with its result and its tokens", async () => {
    const machine = ledgerMachine();
    const result = await machine.ledger.during(
      "restore",
      {},
      () => Promise.resolve({ tokens: 9 }),
      ({ tokens }) => tokens,
    );
    expect(result).toEqual({ tokens: 9 });
    expect(machine.phase("end")).toMatchObject({ outcome: "done", tokens: 9 });
  });
});

describe("the peak of a process", () => {
  it("is the kernel's high-water mark when that rose, whatever the samples missed", () => {
    const machine = ledgerMachine();
    machine.hold(PID, 100, 300);
    const step = machine.ledger.logMemory("load", { pid: PID });
    machine.hold(PID, 110, 450);
    step.end();
    expect(machine.phase("peak")?.processBytes).toBe(450);
  });

  it("is the largest sample when the mark is one of a step before", () => {
    const machine = ledgerMachine();
    machine.hold(PID, 100, 300);
    const step = machine.ledger.logMemory("decode", { pid: PID });
    machine.hold(PID, 130, 300);
    machine.pass(100);
    machine.hold(PID, 110, 300);
    machine.pass(100);
    step.end();
    expect(machine.phase("peak")?.processBytes).toBe(130);
  });

  it("does not take over the mark of another process that took its place", () => {
    const machine = ledgerMachine();
    machine.hold(1, 50, 60);
    machine.hold(2, 70, 900);
    const step = machine.ledger.logMemory("start", { pid: 1 });
    step.pid = 2;
    step.end();
    expect(machine.phase("peak")?.processBytes).toBe(70);
  });
});

describe("sampling", () => {
  it("has one timer for all open steps, and none when none is open", () => {
    const machine = ledgerMachine();
    expect(machine.timers()).toBe(0);
    const steps = [1, 2, 3].map((pid) => machine.ledger.logMemory("decode", { pid }));
    expect(machine.timers()).toBe(1);
    steps[0]?.end();
    steps[1]?.end();
    expect(machine.timers()).toBe(1);
    steps[2]?.end();
    expect(machine.timers()).toBe(0);
    machine.ledger.logMemory("save").end();
    expect(machine.timers()).toBe(0);
  });

  it("reads each process once a sample, and what is around them once for all", () => {
    const machine = ledgerMachine();
    const steps = [7, 7, 7, 8].map((pid) => machine.ledger.logMemory("decode", { pid }));
    expect(machine.reads).toMatchObject({ process: 4, server: 1, container: 1, host: 1 });
    machine.pass(100);
    expect(machine.reads).toMatchObject({ process: 6, server: 2, container: 2, host: 2 });
    for (const step of steps) step.end();
    expect(machine.reads).toMatchObject({ process: 10, server: 2, container: 2, host: 2 });
    machine.pass(25);
    machine.ledger.logMemory("decode", { pid: 7 }).end();
    expect(machine.reads).toMatchObject({ process: 12, server: 3, container: 3, host: 3 });
  });

  it("a reader that throws gives nothing, and the step goes on", () => {
    const machine = ledgerMachine({
      readers: {
        process: () => {
          throw new Error("EIO");
        },
        server: () => {
          throw new Error("EIO");
        },
        container: () => 1,
        host: () => 2,
        gpu: () => Promise.reject(new Error("no")),
      },
    });
    const step = machine.ledger.logMemory("load", { pid: PID });
    machine.pass(100);
    step.end();
    expect(machine.phase("end")).toMatchObject({ processBytes: null, serverBytes: null, cgroupBytes: 1, hostBytes: 2 });
  });
});

describe("GPUs", () => {
  const gpus = (...used: (number | null)[]) =>
    ({
      gpus: used.map((usedBytes) => ({ usedBytes })),
      processes: [],
      problem: null,
      message: null,
    }) as unknown as GpuStatus;
  const heard = () => vi.waitFor(() => Promise.resolve());

  it("are asked aside: the latest answer counts, and nobody waits for the next", async () => {
    const machine = ledgerMachine();
    machine.gpu.answer = () => Promise.resolve(gpus(100, 20, null));
    const step = machine.ledger.logMemory("load");
    expect(machine.phase("start")?.gpuBytes).toBeNull();
    await heard();
    machine.gpu.answer = () => new Promise(() => {});
    machine.pass(2_000);
    machine.pass(2_000);
    expect(machine.reads.gpu).toBe(2);
    step.end();
    expect(machine.phase("end")?.gpuBytes).toBe(120);
  });

  it("are asked at most every 2 s, and an answer from long ago says nothing", async () => {
    const machine = ledgerMachine();
    machine.gpu.answer = () => Promise.resolve(gpus(5));
    const step = machine.ledger.logMemory("load");
    await heard();
    for (let tenth = 0; tenth < 19; tenth++) machine.pass(100);
    expect(machine.reads.gpu).toBe(1);
    machine.gpu.answer = () => new Promise(() => {});
    machine.pass(100);
    expect(machine.reads.gpu).toBe(2);
    machine.pass(20_000);
    step.end();
    expect(machine.phase("peak")?.gpuBytes).toBe(5);
    expect(machine.phase("end")?.gpuBytes).toBeNull();
  });

  it("that are slow to answer rest a hundred times as long", async () => {
    const machine = ledgerMachine();
    let answer = (_: GpuStatus): void => {};
    machine.gpu.answer = () => new Promise((resolve) => (answer = resolve));
    const step = machine.ledger.logMemory("load");
    machine.pass(50);
    answer(gpus(1));
    await heard();
    machine.pass(4_900);
    expect(machine.reads.gpu).toBe(1);
    machine.pass(50);
    expect(machine.reads.gpu).toBe(2);
    step.end();
  });

  it("that are not there are asked for once", async () => {
    const machine = ledgerMachine();
    const step = machine.ledger.logMemory("load");
    await heard();
    machine.pass(1e9);
    step.end();
    expect(machine.reads.gpu).toBe(1);
  });
});

describe("a ledger in trouble", () => {
  it("that cannot write counts what is lost, and the step goes on", () => {
    let isFull = true;
    const machine = ledgerMachine({
      write: () => {
        if (isFull) throw new Error("database or disk is full");
      },
      log: () => {
        throw new Error("EPIPE");
      },
    });
    const step = machine.ledger.logMemory("decode");
    isFull = false;
    step.end();
    expect(machine.ledger.counts).toEqual({ written: 2, lost: 1 });
    expect(machine.timers()).toBe(0);
  });

  it("that is closed ends what is open, and records nothing more", () => {
    const machine = ledgerMachine();
    machine.ledger.logMemory("decode");
    machine.ledger.close();
    expect(machine.phase("end")).toMatchObject({ outcome: "aborted" });
    const step = machine.ledger.logMemory("unload");
    step.pid = 3;
    step.end();
    machine.ledger.close();
    expect(machine.records).toHaveLength(3);
    expect(machine.timers()).toBe(0);
  });
});
