import { describe, expect, it } from "vitest";
import { MemwellError } from "../../../lib/errors";
import { readMemoryLimit } from "../../../lib/memory";
import { parseQuantity } from "../../../lib/memory/limit";
import { files } from "./files";

const GIB = 2 ** 30;
const UNLIMITED_V1 = "9223372036854771712\n";
const V1 = "/sys/fs/cgroup/memory";

describe("readMemoryLimit", () => {
  it.each<[string, Record<string, string>, string, number, string]>([
    ["no cgroup at all", {}, "host", 64, "host memory"],
    ["v2 without a limit", { "/sys/fs/cgroup/memory.max": "max\n" }, "host", 64, "host memory"],
    ["v2 in a container", v2("/", { "": { max: 16 } }), "cgroup", 16, "/sys/fs/cgroup/memory.max"],
    [
      "v2 with a soft limit below the hard one",
      v2("/", { "": { max: 16, high: 12 } }),
      "cgroup",
      12,
      "/sys/fs/cgroup/memory.high",
    ],
    [
      "v2 nested, the group itself unlimited",
      v2("/pod/app", { "/pod/app": {}, "/pod": { max: 8 } }),
      "cgroup",
      8,
      "/sys/fs/cgroup/pod/memory.max",
    ],
    [
      "v2 nested, the group itself the tightest",
      v2("/pod/app", { "/pod/app": { max: 2 }, "/pod": { max: 8 } }),
      "cgroup",
      2,
      "/sys/fs/cgroup/pod/app/memory.max",
    ],
    [
      "v2 with the host's path, of which only the top exists here",
      v2("/system.slice/docker-1.scope", { "": { max: 4 } }),
      "cgroup",
      4,
      "/sys/fs/cgroup/memory.max",
    ],
    [
      "v2 with a path outside its namespace",
      v2("/../../x", { "": { max: 4 } }),
      "cgroup",
      4,
      "/sys/fs/cgroup/memory.max",
    ],
    [
      "v2 whose mount shows a group below the top",
      {
        ...v2("/docker/x/worker", { "/worker": { max: 3 } }),
        "/proc/self/mountinfo": "31 23 0:28 /docker/x /sys/fs/cgroup ro,relatime - cgroup2 cgroup rw\n",
      },
      "cgroup",
      3,
      "/sys/fs/cgroup/worker/memory.max",
    ],
    [
      "v1 in a container",
      { "/proc/self/cgroup": "4:memory:/docker/x\n", [`${V1}/memory.limit_in_bytes`]: `${6 * GIB}\n` },
      "cgroup",
      6,
      `${V1}/memory.limit_in_bytes`,
    ],
    [
      "v1 without a limit",
      { "/proc/self/cgroup": "4:memory:/\n", [`${V1}/memory.limit_in_bytes`]: UNLIMITED_V1 },
      "host",
      64,
      "host memory",
    ],
    [
      "v1 nested beside other controllers",
      {
        "/proc/self/cgroup": "5:cpu:/a\n4:hugetlb,memory:/a/b\n0::/\n",
        [`${V1}/a/b/memory.limit_in_bytes`]: UNLIMITED_V1,
        [`${V1}/a/memory.limit_in_bytes`]: `${5 * GIB}\n`,
      },
      "cgroup",
      5,
      `${V1}/a/memory.limit_in_bytes`,
    ],
    [
      "v1 with a limit of a group that is not mounted here",
      {
        [`${V1}/memory.limit_in_bytes`]: UNLIMITED_V1,
        [`${V1}/memory.stat`]: `cache 1\nhierarchical_memory_limit ${7 * GIB}\n`,
      },
      "cgroup",
      7,
      `${V1}/memory.stat`,
    ],
    [
      "v1 mounted at an unusual place with a space in it",
      {
        "/proc/self/mountinfo": "35 31 0:32 / /dev/my\\040groups rw shared:9 - cgroup cgroup rw,memory\n",
        "/dev/my groups/memory.limit_in_bytes": `${GIB}\n`,
      },
      "cgroup",
      1,
      "/dev/my groups/memory.limit_in_bytes",
    ],
  ])("%s", (_, contents, bound, gib, source) => {
    const limit = readMemoryLimit({
      userBudget: null,
      spaceMemory: undefined,
      read: files(contents),
      hostBytes: 64 * GIB,
    });
    expect(limit).toMatchObject({ bound, bytes: gib * GIB });
    expect(limit.candidates[0]).toEqual({ bound, source, bytes: gib * GIB });
  });

  it.each<[string, number | null, string | undefined, number | null, number, string, number]>([
    ["only the host", null, undefined, null, 64, "host", 64],
    ["a Space on a large host", null, "16Gi", null, 256, "space", 16],
    ["a Space whose cgroup gives less", null, "16Gi", 15, 256, "cgroup", 15],
    ["equal limits of cgroup and Space", null, "16Gi", 16, 256, "cgroup", 16],
    ["a user's cap below all", 4, "16Gi", 15, 256, "user", 4],
    ["a user's cap above all", 512, "16Gi", 15, 256, "cgroup", 15],
    ["a host below all", 512, "16Gi", null, 8, "host", 8],
    ["MEMORY that cannot be read", null, "plenty", null, 64, "host", 64],
    ["MEMORY of nothing", null, "", null, 64, "host", 64],
    ["MEMORY of zero", null, "0Gi", null, 64, "host", 64],
  ])("names what bound: %s", (_, user, spaceMemory, cgroup, host, bound, gib) => {
    const read = files({
      "/proc/meminfo": `MemTotal:       ${host * 2 ** 20} kB\n`,
      ...(cgroup === null ? {} : v2("/", { "": { max: cgroup } })),
    });
    const userBudget = user === null ? null : user * GIB;
    const limit = readMemoryLimit({ userBudget, spaceMemory, read });
    expect(limit).toMatchObject({ bound, bytes: gib * GIB });
    expect(limit.candidates.map(({ bytes }) => bytes)).toEqual(
      limit.candidates.map(({ bytes }) => bytes).sort((one, other) => one - other),
    );
  });

  it.each([0, -1, Number.NaN, Infinity])("refuses a user's cap of %s instead of forgetting it", (userBudget) => {
    const refused = () => readMemoryLimit({ userBudget, spaceMemory: undefined, read: () => null });
    expect(refused).toThrow(MemwellError);
    expect(refused).toThrow(/MEMWELL_MEMORY_BUDGET/);
  });

  it("finds a limit on this machine", () => {
    expect(readMemoryLimit({ userBudget: null, spaceMemory: undefined }).bytes).toBeGreaterThan(2 ** 24);
  });
});

describe("parseQuantity", () => {
  it.each([
    ["16Gi", 16 * GIB],
    ["16GiB", 16 * GIB],
    ["15G", 15e9],
    ["15GB", 15e9],
    ["512Mi", 512 * 2 ** 20],
    ["1.5Gi", 1.5 * GIB],
    ["64Ki", 65_536],
    ["3k", 3000],
    [" 17179869184\n", 16 * GIB],
    ["0", null],
    ["-1Gi", null],
    ["Gi", null],
    ["1i", null],
    ["16 Gi b", null],
    ["9".repeat(400), null],
    ["9999999Pi", null],
  ])("%j is %s bytes", (text, bytes) => expect(parseQuantity(text)).toBe(bytes));
});

/** A cgroup v2 tree with limits in GiB. */
function v2(path: string, groups: Record<string, { max?: number; high?: number }>): Record<string, string> {
  const text = (gib: number | undefined) => (gib === undefined ? "max\n" : `${gib * GIB}\n`);
  return Object.fromEntries([
    ["/proc/self/cgroup", `0::${path}\n`],
    ...Object.entries(groups).flatMap(([folder, { max, high }]) => [
      [`/sys/fs/cgroup${folder}/memory.max`, text(max)],
      [`/sys/fs/cgroup${folder}/memory.high`, text(high)],
    ]),
  ]);
}
