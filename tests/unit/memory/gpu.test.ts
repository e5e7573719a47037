import { describe, expect, it } from "vitest";
import { GpuReader, readGpus, readGpuStatus, type ProgramEnd, type RunNvidiaSmi } from "../../../lib/memory";
import { fixture } from "./files";

const MIB = 2 ** 20;
const exited = (output: string, code = 0): ProgramEnd => ({ end: "exited", code, output });

/** Answers each question with the next of these, and keeps the questions. */
function scripted(...answers: (ProgramEnd | Promise<ProgramEnd>)[]): RunNvidiaSmi & { questions: string[] } {
  const questions: string[] = [];
  const run = async (args: readonly string[]) => {
    questions.push(args.join(" "));
    return answers.shift() ?? exited("");
  };
  return Object.assign(run, { questions });
}

describe("readGpus", () => {
  it("reads one T4 and its processes", async () => {
    const run = scripted(exited(fixture("gpus-t4")), exited(fixture("processes-t4")));
    const gpuUuid = "GPU-5f2c1e0b-3a41-8d7c-6f0e-91b7c2d4a813";
    expect(await readGpus({ run })).toEqual([
      {
        index: 0,
        uuid: gpuUuid,
        name: "Tesla T4",
        driverVersion: "535.183.01",
        totalBytes: 15_360 * MIB,
        usedBytes: 1_287 * MIB,
        freeBytes: 13_814 * MIB,
        utilizationPercent: 34,
        migEnabled: null,
        processes: [
          { gpuUuid, pid: 2417, name: "/usr/local/bin/node", usedBytes: 1_182 * MIB },
          { gpuUuid, pid: 2532, name: "python3 -c import a, b", usedBytes: 102 * MIB },
          { gpuUuid, pid: 2600, name: null, usedBytes: null },
        ],
      },
    ]);
    expect(run.questions).toEqual([
      "--query-gpu=index,uuid,name,driver_version,memory.total,memory.used,memory.free,utilization.gpu,mig.mode.current --format=csv,noheader,nounits",
      "--query-compute-apps=gpu_uuid,pid,process_name,used_memory --format=csv,noheader,nounits",
    ]);
  });

  /**
   * Figures, names and spelling as real machines gave them (the captures of github.com/utkuozdemir/nvidia_gpu_exporter,
   * whose UUIDs are masked), in the fields we ask for. With MIG the driver counts processes for the whole GPU.
   */
  it.each([
    ["an L40S that encodes", "l40s", { totalBytes: 46_068, usedBytes: 1_235, migEnabled: null }, [538, 681]],
    ["an H100 cut by MIG", "h100-mig", { totalBytes: 81_559, usedBytes: 11_125, migEnabled: true }, [2_296, 1_272]],
    ["an idle H200", "h200-idle", { totalBytes: 143_771, usedBytes: 0, migEnabled: false }, []],
    ["a GeForce on Windows", "windows", { totalBytes: 8_192, usedBytes: 797, migEnabled: null }, [null, null]],
  ])("reads %s as it was recorded", async (_, name, figures, processes) => {
    const run = scripted(exited(fixture(`gpus-recorded-${name}`)), exited(fixture(`processes-recorded-${name}`)));
    const [gpu, ...others] = await readGpus({ run });
    expect(others).toEqual([]);
    const { totalBytes, usedBytes, migEnabled } = figures;
    expect(gpu).toMatchObject({ totalBytes: totalBytes * MIB, usedBytes: usedBytes * MIB, migEnabled });
    expect(gpu?.processes.map((process) => process.usedBytes)).toEqual(
      processes.map((mebibytes) => (mebibytes === null ? null : mebibytes * MIB)),
    );
  });

  it("gives each of eight H100 its own processes", async () => {
    const run = scripted(exited(fixture("gpus-eight-h100")), exited(fixture("processes-eight-h100")));
    const gpus = await readGpus({ run });
    expect(gpus.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(gpus.map(({ processes }) => processes.length)).toEqual([1, 1, 0, 0, 0, 1, 1, 0]);
    expect(gpus.every(({ migEnabled, totalBytes }) => migEnabled === false && totalBytes === 81_559 * MIB)).toBe(true);
  });

  it("keeps a GPU cut by MIG, with nothing in place of what it does not say", async () => {
    const status = await readGpuStatus({
      run: scripted(exited(fixture("gpus-mig")), exited(fixture("processes-mig"))),
    });
    expect(status).toMatchObject({ problem: null, message: null });
    expect(status.gpus).toMatchObject([
      { migEnabled: true, totalBytes: 81_920 * MIB, utilizationPercent: null, processes: [] },
      { migEnabled: true, totalBytes: null, usedBytes: null, freeBytes: null, processes: [{ name: null }] },
    ]);
    expect(status.processes.map(({ usedBytes }) => usedBytes)).toEqual([9_612 * MIB, null]);
  });

  it("keeps a name with commas whole", async () => {
    const run = scripted(exited("0, GPU-1, NVIDIA A, B, C, 1.2, 10, 4, 6, 1 %, Disabled\r\n"));
    expect(await readGpus({ run })).toMatchObject([
      { name: "NVIDIA A, B, C", driverVersion: "1.2", usedBytes: 4 * MIB },
    ]);
  });

  it("asks a driver older than MIG again without it", async () => {
    const run = scripted(exited(fixture("gpus-old-driver"), 2), exited(fixture("gpus-old-driver-rows")));
    expect(await readGpus({ run })).toMatchObject([{ name: "Tesla K80", migEnabled: null, totalBytes: 11_441 * MIB }]);
    expect(run.questions[1]).not.toContain("mig");
  });

  it.each<[string, ProgramEnd, string, RegExp | null]>([
    ["no device", exited(fixture("gpus-none")), "no_device", /No devices/],
    ["no device, as an error", exited(fixture("gpus-none"), 6), "no_device", /No devices/],
    ["the driver fails", exited(fixture("gpus-driver-error"), 9), "driver_error", /couldn't communicate/],
    ["the driver fails and exits 0", exited(fixture("gpus-driver-error")), "driver_error", /NVIDIA-SMI has failed/],
    ["exit 9 without a word", exited("", 9), "driver_error", null],
    ["garbage", exited(fixture("gpus-garbage")), "unreadable_output", /Segmentation fault/],
    ["no output", exited(""), "no_device", null],
    ["no program", { end: "missing" }, "no_program", null],
    ["too much output", { end: "failed", message: "maxBuffer length exceeded" }, "unreadable_output", /maxBuffer/],
  ])("has no GPU and the reason: %s", async (_, answer, problem, message) => {
    const run = scripted(answer);
    const status = await readGpuStatus({ run });
    expect(status).toMatchObject({ gpus: [], processes: [], problem });
    if (message === null) expect(status.message).toBeNull();
    else expect(status.message).toMatch(message);
    expect(run.questions).toHaveLength(1);
  });

  it("keeps the GPUs that are left when one is lost", async () => {
    const status = await readGpuStatus({ run: scripted(exited(fixture("gpus-one-lost"), 15)) });
    expect(status).toMatchObject({ gpus: [{ name: "NVIDIA L4" }], problem: "driver_error" });
    expect(status.message).toMatch(/GPU is lost/);
  });

  it("keeps the GPUs when their processes may not be listed", async () => {
    const run = scripted(exited(fixture("gpus-t4")), exited("Insufficient Permissions\n", 4));
    expect(await readGpus({ run })).toMatchObject([{ name: "Tesla T4", processes: [] }]);
  });
});

describe("GpuReader", () => {
  it("asks once for all who ask at the same time", async () => {
    const run = scripted(exited(fixture("gpus-t4")));
    const reader = new GpuReader({ run });
    const [one, other] = await Promise.all([reader.read(), reader.read()]);
    expect(one).toBe(other);
    expect(run.questions).toHaveLength(2);
    await reader.read();
    expect(run.questions).toHaveLength(3);
  });

  it("leaves a program that hung alone for a minute, and until its process is gone", async () => {
    let now = 0;
    let gone = false;
    const run = scripted({ end: "timeout", isGone: () => gone }, exited(fixture("gpus-t4")));
    const reader = new GpuReader({ run, now: () => now });
    expect(await reader.read()).toMatchObject({ gpus: [], problem: "timeout" });
    now = 59_999;
    gone = true;
    expect(await reader.read()).toMatchObject({ gpus: [], problem: "timeout" });
    now = 60_001;
    gone = false;
    expect(await reader.read()).toMatchObject({ problem: "timeout" });
    expect(run.questions).toHaveLength(1);
    gone = true;
    expect(await reader.read()).toMatchObject({ gpus: [{ name: "Tesla T4" }], problem: null });
  });

  it("treats a hang over the processes as a hang", async () => {
    const run = scripted(exited(fixture("gpus-t4")), { end: "timeout", isGone: () => true });
    const reader = new GpuReader({ run, now: () => 0 });
    expect(await reader.read()).toMatchObject({ gpus: [], problem: "timeout" });
    await reader.read();
    expect(run.questions).toHaveLength(2);
  });

  it("looks for a missing program again after a minute", async () => {
    let now = 0;
    const run = scripted({ end: "missing" }, exited(fixture("gpus-t4")));
    const reader = new GpuReader({ run, now: () => now });
    expect((await reader.read()).problem).toBe("no_program");
    expect((await reader.read()).problem).toBe("no_program");
    now = 60_001;
    expect((await reader.read()).gpus).toHaveLength(1);
  });
});
