import { describe, expect, it } from "vitest";
import { loadConfig } from "../../../lib/config";
import { createMemoryBudget } from "../../../lib/runtime/memory-budget";

const GB = 1e9;
const kB = (bytes: number): string => `${Math.round(bytes / 1024)} kB`;
const status = (anonymous: number): string =>
  `VmHWM:\t${kB(anonymous)}\nVmRSS:\t${kB(anonymous)}\nRssAnon:\t${kB(anonymous)}\nRssFile:\t0 kB\nRssShmem:\t0 kB\n`;

/** A machine of 64 GB with 40 GB in use; process 1 is the server with 0.1 GB, process 2 a model with 3 GB. */
const machine: Record<string, string> = {
  "/proc/meminfo": `MemTotal: ${kB(64 * GB)}\nAnonPages: ${kB(40 * GB)}\nUnevictable: 0 kB\nShmem: 0 kB\nActive(anon): ${kB(40 * GB)}\nInactive(anon): 0 kB\n`,
  "/proc/1/status": status(0.1 * GB),
  "/proc/2/status": status(3 * GB),
};
const budgetOf = (environment: Record<string, string>, files: Record<string, string> = {}) => {
  const contents: Record<string, string> = { ...machine, ...files };
  return createMemoryBudget(
    loadConfig(environment),
    { models: () => [2], others: () => [1] },
    (path) => contents[path] ?? null,
  );
};

describe("createMemoryBudget", () => {
  it("counts everybody on the machine where the machine is the limit", () => {
    const budget = budgetOf({});
    expect(budget.limit.bound).toBe("host");
    expect(budget.budgetBytes / GB).toBeCloseTo(51.2, 1);
    expect(budget.otherBytes() / GB).toBeCloseTo(37, 1);
  });

  it("counts only Memwell itself against the user's own cap", () => {
    const budget = budgetOf({ MEMWELL_MEMORY_BUDGET: "8GB" });
    expect(budget.limit.bound).toBe("user");
    expect(budget.otherBytes() / GB).toBeCloseTo(0.1, 2);
  });

  it("lets a full machine bind all the same, however large the user's cap", () => {
    const budget = budgetOf({ MEMWELL_MEMORY_BUDGET: "60GB" });
    const room = budget.budgetBytes - budget.otherBytes();
    expect(room / GB).toBeCloseTo(51.2 - 37, 1);
  });

  it("does not hold a Space's neighbours against it when the container hides its own figures", () => {
    const budget = budgetOf({ MEMORY: "16Gi" });
    expect(budget.otherBytes() / GB).toBeCloseTo(0.1, 2);
    expect(budget.limit.bound).toBe("space");
    expect(budget.budgetBytes / GB).toBeCloseTo(0.8 * 17.18, 1);
  });
});
