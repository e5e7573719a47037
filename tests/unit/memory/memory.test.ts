import { describe, expect, it } from "vitest";
import { parseProcessStatus, readCpuLimit, readProcessMemory, sumProcessMemory } from "../../../lib/memory";
import { files } from "./files";

describe("readCpuLimit", () => {
  it.each([
    ["no cgroup at all", {}, 4, { cores: 4, bound: "affinity" }],
    [
      "cgroup v2 without a quota",
      { "/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "max 100000\n" },
      4,
      { cores: 4, bound: "affinity" },
    ],
    [
      "cgroup v2 with a quota of one and a half cores",
      { "/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "150000 100000\n" },
      64,
      { cores: 1.5, bound: "quota" },
    ],
    [
      "a quota on a group above",
      {
        "/proc/self/cgroup": "0::/a/b\n",
        "/sys/fs/cgroup/a/b/cpu.max": "max 100000\n",
        "/sys/fs/cgroup/a/cpu.max": "200000 100000\n",
      },
      8,
      { cores: 2, bound: "quota" },
    ],
    [
      "a path of the host that does not exist here",
      { "/proc/self/cgroup": "0::/../../docker/x\n", "/sys/fs/cgroup/cpu.max": "50000 100000\n" },
      8,
      { cores: 0.5, bound: "quota" },
    ],
    [
      "cgroup v1",
      {
        "/proc/self/cgroup": "4:cpu,cpuacct:/docker/x\n3:memory:/docker/x\n",
        "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "100000\n",
        "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "50000\n",
      },
      8,
      { cores: 2, bound: "quota" },
    ],
    [
      "cgroup v1 without a quota",
      { "/proc/self/cgroup": "4:cpu,cpuacct:/\n", "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n" },
      2,
      { cores: 2, bound: "affinity" },
    ],
    [
      "a quota above the cores there are",
      { "/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "800000 100000\n" },
      2,
      { cores: 2, bound: "affinity" },
    ],
  ])("%s", (_, contents, affinity, expected) => expect(readCpuLimit(files(contents), affinity)).toEqual(expected));
});

describe("process memory", () => {
  it("reads what the kernel says of a process, in bytes", () => {
    const status =
      "Name:\tnode\nVmHWM:\t  2048 kB\nVmRSS:\t  1024 kB\nRssAnon:\t 512 kB\nRssFile:\t 500 kB\nRssShmem:\t 12 kB\n";
    expect(parseProcessStatus(status)).toEqual({
      rss: 1_048_576,
      peak: 2_097_152,
      anonymous: 524_288,
      file: 512_000,
      shared: 12_288,
    });
  });

  it("has nothing to say of a zombie or of nobody", () => {
    expect(parseProcessStatus("Name:\tnode\nState:\tZ (zombie)\n")).toBeNull();
    expect(readProcessMemory(2 ** 22 + 1)).toBeNull();
  });

  it.runIf(process.platform === "linux")("sees this process", () => {
    expect(readProcessMemory("self")?.rss).toBeGreaterThan(1e6);
  });

  it("sums several processes, each once, and leaves out who is gone", () => {
    const status = (kib: number) =>
      `VmHWM: ${3 * kib} kB\nVmRSS: ${2 * kib} kB\nRssAnon: ${kib} kB\nRssFile: ${kib} kB\nRssShmem: 0 kB\n`;
    const read = files({
      "/proc/11/status": status(1),
      "/proc/12/status": status(10),
      "/proc/13/status": "State: Z\n",
    });
    expect(sumProcessMemory([11, 12, 11, 13, 14], read)).toEqual({
      pids: [11, 12],
      rss: 22 * 1024,
      peak: 33 * 1024,
      anonymous: 11 * 1024,
      file: 11 * 1024,
      shared: 0,
    });
    expect(sumProcessMemory([], read)).toMatchObject({ pids: [], rss: 0 });
  });
});
