import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  parseGpuProcessRows,
  parseGpuRows,
  readCpuLimit,
  readGpus,
  readMemoryLimit,
  readMemoryUse,
  readOomKills,
  sumProcessMemory,
  type ReadText,
} from "../../../lib/memory";

const TREE = ["/proc/self/cgroup", "/proc/self/mountinfo", "/proc/meminfo", "/proc/1/status"];
const FOLDERS = ["/sys/fs/cgroup", "/sys/fs/cgroup/a", "/sys/fs/cgroup/memory", "/sys/fs/cgroup/cpu"];
const NAMES =
  "memory.max memory.high memory.stat memory.current memory.events memory.limit_in_bytes memory.usage_in_bytes memory.oom_control cpu.max cpu.cfs_quota_us cpu.cfs_period_us";
const PATHS = [...TREE, ...FOLDERS.flatMap((folder) => NAMES.split(" ").map((name) => `${folder}/${name}`))];

/** What these files hold, more or less, so that arbitrary text gets past the first check now and then. */
const WORDS =
  "anon total_rss inactive_anon active_anon total_inactive_anon unevictable file shmem kernel slab_reclaimable oom_kill hierarchical_memory_limit MemTotal: Active(anon): kB max 0::/a 4:memory:/a - cgroup cgroup2 / \n : , . -1 0 1 4096 1e9 0x10 1.5 NaN Infinity 9223372036854771712 99999999999999999999999 GPU-1 [N/A] garbage".split(
    / /,
  );
const text = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.array(fc.constantFrom(...WORDS), { maxLength: 24 }).map((words) => words.join(" ")),
  fc.array(fc.constantFrom(...WORDS), { maxLength: 24 }).map((words) => words.join("")),
  fc.constantFrom("", "\n", "-1\n", "0\n", "garbage\n", "9".repeat(400), "\0\0", "anon\n", "anon 1", "oom_kill "),
);
const tree = fc.dictionary(fc.constantFrom(...PATHS), text, { maxKeys: PATHS.length });
const amount = (value: number) => Number.isFinite(value) && value >= 0;

describe("whatever the files say", () => {
  it("limits stay positive, and nothing throws", () => {
    fc.assert(
      fc.property(tree, fc.option(text, { nil: undefined }), (contents, spaceMemory) => {
        const read: ReadText = (path) => contents[path] ?? null;
        const limit = readMemoryLimit({ userBudget: null, spaceMemory, read });
        expect(limit.candidates.every(({ bytes }) => Number.isFinite(bytes) && bytes > 0)).toBe(true);
        expect(limit.bytes).toBe(Math.min(...limit.candidates.map(({ bytes }) => bytes)));
        expect(readCpuLimit(read, 2).cores).toBeGreaterThan(0);
        const { source, currentBytes, ...sizes } = readMemoryUse({ read });
        expect(Object.values(sizes).every(amount)).toBe(true);
        expect(["cgroup", "host", "none"]).toContain(source);
        expect(currentBytes ?? 0).toBeGreaterThanOrEqual(0);
        expect(readOomKills({ read }) ?? 0).toBeGreaterThanOrEqual(0);
        const { pids, ...sum } = sumProcessMemory([1, 2], read);
        expect(Object.values(sum).every(amount)).toBe(true);
        expect(pids.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });

  it("GPU rows are figures or nothing", async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 0, max: 255 }), async (output, code) => {
        for (const gpu of parseGpuRows(output)) {
          expect(Number.isInteger(gpu.index)).toBe(true);
          expect([gpu.totalBytes, gpu.usedBytes, gpu.freeBytes].every((bytes) => bytes === null || amount(bytes))).toBe(
            true,
          );
        }
        for (const { pid, usedBytes } of parseGpuProcessRows(output)) {
          expect(Number.isInteger(pid)).toBe(true);
          expect(usedBytes === null || amount(usedBytes)).toBe(true);
        }
        expect(Array.isArray(await readGpus({ run: async () => ({ end: "exited", code, output }) }))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
