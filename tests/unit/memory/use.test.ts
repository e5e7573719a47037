import { describe, expect, it } from "vitest";
import { findMemoryGroup, readMemoryUse, readOomKills } from "../../../lib/memory";
import { files, fixture } from "./files";

const V1 = "/sys/fs/cgroup/memory";

describe("readMemoryUse", () => {
  it("counts what a v2 group cannot drop, a locked page once, and page cache not at all", () => {
    const use = readMemoryUse({
      read: files({
        "/proc/self/cgroup": "0::/\n",
        "/sys/fs/cgroup/memory.stat": fixture("v2-memory-stat"),
        "/sys/fs/cgroup/memory.current": "13094617088\n",
      }),
    });
    expect(use).toEqual({
      usedBytes: 3_369_074_688,
      anonymous: 2_789_212_160,
      unevictable: 536_870_912,
      kernel: 42_991_616, // kernel - slab_reclaimable + sock
      file: 9_558_818_816,
      currentBytes: 13_094_617_088,
      source: "cgroup",
    });
  });

  it("reads a v1 group with the groups below it", () => {
    const read = files({
      "/proc/self/cgroup": "4:memory:/\n0::/\n",
      [`${V1}/memory.stat`]: fixture("v1-memory-stat"),
      [`${V1}/memory.usage_in_bytes`]: "2832310272\n",
    });
    expect(readMemoryUse({ read })).toEqual({
      usedBytes: 23_744_512,
      anonymous: 8_970_240,
      unevictable: 14_774_272,
      kernel: 0,
      file: 2_793_406_464,
      currentBytes: 2_832_310_272,
      source: "cgroup",
    });
  });

  it("is unmoved when a model file of 9 GB is read into the page cache", () => {
    const stat = (file: number) =>
      `anon 1000\ninactive_anon 600\nactive_anon 400\ninactive_file ${file}\nactive_file 0\n`;
    const used = (file: number) =>
      readMemoryUse({
        read: files({ "/sys/fs/cgroup/memory.stat": stat(file), "/sys/fs/cgroup/memory.current": `${1000 + file}` }),
      });
    expect(used(0).usedBytes).toBe(1000);
    expect(used(9e9)).toMatchObject({ usedBytes: 1000, file: 9e9, currentBytes: 9_000_001_000 });
  });

  it.each([
    ["v2 without the lists", "/sys/fs/cgroup/memory.stat", "anon 100\nshmem 10\nunevictable 1\nfile 1010\n", 111],
    [
      "v1 without the lists",
      `${V1}/memory.stat`,
      "total_rss 100\ntotal_shmem 10\ntotal_unevictable 1\ntotal_cache 1010\n",
      111,
    ],
  ])("adds program and shared memory: %s", (_, path, stat, usedBytes) => {
    expect(readMemoryUse({ read: files({ [path]: stat }) })).toMatchObject({ usedBytes, anonymous: 110, file: 1000 });
  });

  it("adds the parts of the kernel's memory where there is no sum of them", () => {
    const stat =
      "anon 0\nkernel_stack 1\npagetables 10\npercpu 100\nslab_unreclaimable 1000\nslab_reclaimable 9\nsock 10000\n";
    expect(readMemoryUse({ read: files({ "/sys/fs/cgroup/memory.stat": stat }) }).kernel).toBe(11_111);
  });

  it("falls back on the machine where no cgroup says", () => {
    const read = files({ "/proc/meminfo": fixture("meminfo"), "/sys/fs/cgroup/memory.stat": "" });
    const kib = (name: string) => Number(new RegExp(`^${name}: +(\\d+)`, "m").exec(fixture("meminfo"))?.[1]);
    const use = readMemoryUse({ read });
    expect(use).toMatchObject({ source: "host", currentBytes: null, unevictable: kib("Unevictable") * 1024 });
    expect(use.anonymous).toBe((kib("Active\\(anon\\)") + kib("Inactive\\(anon\\)")) * 1024);
    expect(use.usedBytes).toBeLessThan((kib("MemTotal") - kib("MemAvailable")) * 1024);
  });

  it("asks the machine when told to, whatever the group says", () => {
    const read = files({
      "/proc/meminfo": "AnonPages: 100 kB\nShmem: 10 kB\nUnevictable: 1 kB\nCached: 30 kB\n",
      "/sys/fs/cgroup/memory.stat": "anon 5\n",
    });
    expect(readMemoryUse({ read }).usedBytes).toBe(5);
    expect(readMemoryUse({ read, scope: "host" })).toMatchObject({ usedBytes: 111 * 1024, file: 20 * 1024 });
  });

  it("says so when nobody knows", () => {
    expect(readMemoryUse({ read: () => null })).toMatchObject({ source: "none", usedBytes: 0, currentBytes: null });
  });

  it.runIf(process.platform === "linux")("sees this machine", () => {
    expect(readMemoryUse().usedBytes).toBeGreaterThan(1e6);
  });
});

describe("findMemoryGroup", () => {
  const tree = (limits: Record<string, string>) =>
    files({
      "/proc/self/cgroup": "0::/pod/app\n",
      ...Object.fromEntries(
        ["/pod/app", "/pod", ""].flatMap((folder) => [
          [`/sys/fs/cgroup${folder}/memory.stat`, "anon 1\n"],
          [`/sys/fs/cgroup${folder}/memory.max`, limits[folder] ?? "max\n"],
        ]),
      ),
    });
  it.each([
    ["the nearest without a limit", {}, "/sys/fs/cgroup/pod/app"],
    ["the one with the only limit", { "/pod": "900\n" }, "/sys/fs/cgroup/pod"],
    ["the tightest of two", { "/pod": "900\n", "/pod/app": "800\n" }, "/sys/fs/cgroup/pod/app"],
    ["the topmost of two equal ones", { "/pod": "900\n", "/pod/app": "900\n" }, "/sys/fs/cgroup/pod"],
  ])("counts in %s", (_, limits: Record<string, string>, folder) => {
    expect(findMemoryGroup(tree(limits))).toEqual({ version: 2, folder });
  });

  it("spares a sampler the search", () => {
    const asked: string[] = [];
    const group = { version: 2, folder: "/sys/fs/cgroup" } as const;
    const read = (path: string) => {
      asked.push(path);
      return path.endsWith("memory.stat") ? "anon 7\n" : null;
    };
    expect(readMemoryUse({ read, group }).usedBytes).toBe(7);
    expect(asked).toEqual(["/sys/fs/cgroup/memory.stat", "/sys/fs/cgroup/memory.current"]);
  });
});

describe("readOomKills", () => {
  it.each<[string, Record<string, string>, number | null]>([
    ["no cgroup", {}, null],
    ["v2", { "/sys/fs/cgroup/memory.events": "low 0\nhigh 0\nmax 9\noom 3\noom_kill 2\noom_group_kill 1\n" }, 2],
    [
      "v2, the nearest group",
      {
        "/proc/self/cgroup": "0::/a\n",
        "/sys/fs/cgroup/a/memory.events": "oom_kill 1\n",
        "/sys/fs/cgroup/memory.events": "oom_kill 5\n",
      },
      1,
    ],
    ["v1", { [`${V1}/memory.oom_control`]: "oom_kill_disable 0\nunder_oom 0\noom_kill 4\n" }, 4],
    ["v1 of an old kernel", { [`${V1}/memory.oom_control`]: "oom_kill_disable 0\nunder_oom 0\n" }, null],
    ["a negative count", { "/sys/fs/cgroup/memory.events": "oom_kill -1\n" }, null],
    ["an empty file", { "/sys/fs/cgroup/memory.events": "" }, null],
  ])("%s", (_, contents, kills) => expect(readOomKills({ read: files(contents) })).toBe(kills));
});
