import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nvidiaSmi, readGpus, readGpuStatus } from "../../../lib/memory";

const fixtures = fileURLToPath(new URL("fixtures", import.meta.url));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "memwell-nvidia-smi-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A real program in place of `nvidia-smi`. */
function program(name: string, script: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

describe.skipIf(process.platform === "win32")("a real nvidia-smi", () => {
  it("is asked with the two queries and read", async () => {
    const file = program(
      "healthy",
      `case "$1" in --query-gpu=*) cat '${fixtures}/gpus-t4.txt';; *) cat '${fixtures}/processes-t4.txt';; esac`,
    );
    expect(await readGpus({ run: nvidiaSmi({ program: file }) })).toMatchObject([
      { name: "Tesla T4", processes: [{ pid: 2417 }, { pid: 2532 }, { pid: 2600 }] },
    ]);
  });

  it.each(["nowhere/nvidia-smi", "plain.txt", "plain.txt/nvidia-smi"])("is not there: %s", async (name) => {
    writeFileSync(path.join(folder, "plain.txt"), "not a program");
    const run = nvidiaSmi({ program: path.join(folder, name) });
    expect(await readGpuStatus({ run })).toEqual({ gpus: [], processes: [], problem: "no_program", message: null });
    expect(await readGpus({ run })).toEqual([]);
  });

  it("exits with 9 when the driver is not loaded", async () => {
    const file = program("no-driver", `cat '${fixtures}/gpus-driver-error.txt'; exit 9`);
    const status = await readGpuStatus({ run: nvidiaSmi({ program: file }) });
    expect(status).toMatchObject({ gpus: [], problem: "driver_error" });
    expect(status.message).toMatch(/^NVIDIA-SMI has failed because/);
  });

  it("hangs, is killed at the limit, and is not started again", async () => {
    const starts = path.join(folder, "starts");
    const file = program("hanging", `echo $$ >> '${starts}'; exec sleep 60`);
    const run = nvidiaSmi({ program: file, timeLimitMs: 1_000 });
    expect(await readGpuStatus({ run })).toMatchObject({ gpus: [], problem: "timeout" });
    expect(await readGpuStatus({ run })).toMatchObject({ gpus: [], problem: "timeout" });
    const pids = existsSync(starts) ? readFileSync(starts, "utf8").trim().split("\n").map(Number) : [];
    expect(pids.length).toBeLessThanOrEqual(1);
    for (const pid of pids) await expect.poll(() => isAlive(pid)).toBe(false);
  });

  it("hangs and holds its pipes open past its death: the answer does not wait for them", async () => {
    const pidFile = path.join(folder, "holder");
    const file = program("holding", `sleep 60 & echo $! > '${pidFile}'; wait`);
    const started = performance.now();
    const answer = await nvidiaSmi({ program: file, timeLimitMs: 500 })([]);
    expect(answer.end).toBe("timeout");
    expect(performance.now() - started).toBeLessThan(5_000);
    if (answer.end === "timeout") await expect.poll(answer.isGone).toBe(true);
    if (existsSync(pidFile)) process.kill(Number(readFileSync(pidFile, "utf8")), "SIGKILL");
  });

  it("prints without end and is cut off", async () => {
    const file = program("endless", "exec yes '0, GPU-1, NVIDIA, 1, 2, 3, 4, 5, Disabled'");
    const status = await readGpuStatus({ run: nvidiaSmi({ program: file, timeLimitMs: 8_000 }) });
    expect(status).toMatchObject({
      gpus: [],
      problem: "unreadable_output",
      message: expect.stringMatching(/maxBuffer/),
    });
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
