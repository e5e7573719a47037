import { describe, expect, it } from "vitest";
import { costOf, type AuditPlan } from "../../../lib/audit";
import { monthlyOf, PRICES } from "../../../lib/audit/cost";

const service = (id: string) => PRICES.services.find((one) => one.id === id) ?? expect.fail(id);
const monthly = (id: string, size: number) => monthlyOf(service(id), size);
const GiB = 1024 ** 3;

describe("what bytes cost a month", () => {
  it("is what the services ask for, free parts and plans included", () => {
    expect(monthly("hub-private", 100e9)).toBe(0);
    expect(monthly("hub-private", 100e9 + 1)).toBe(9);
    expect(monthly("hub-private", 1e12 + 1)).toBe(27);
    expect(monthly("hub-private", 3e12)).toBe(45);
    expect(monthly("s3-standard", 100 * GiB)).toBeCloseTo(2.3, 10);
    expect(monthly("google-drive", 15e9)).toBe(0);
    expect(monthly("google-drive", 42.37e9)).toBe(1.99);
    expect(monthly("google-drive", 3e12)).toBeNull();
    expect(monthly("git-lfs", 10 * GiB)).toBe(0);
    expect(monthly("git-lfs", 60 * GiB)).toBeCloseTo(3.5, 10);
    expect(monthly("cloud-disk", 100 * GiB)).toBeCloseTo(8, 10);
    for (const { id } of PRICES.services) expect(monthly(id, 0)).toBe(0);
  });

  it("never falls as there is more", () => {
    for (const one of PRICES.services) {
      const costs = [0, 1, 15e9, 16e9, 99e9, 101e9, 1e12, 2e12].map((size) => monthlyOf(one, size) ?? Infinity);
      expect(costs).toEqual([...costs].sort((left, right) => left - right));
    }
  });

  it("comes with a source for each price, and the day it is of", () => {
    for (const { sources } of PRICES.services)
      for (const { url } of sources) expect(new URL(url).protocol).toBe("https:");
  });
});

describe("what a plan changes about it", () => {
  const phase = (name: string, before: number, after: number, steps: object[] = []) => ({
    phase: name,
    steps,
    apparent_size_before: before,
    apparent_size_after: after,
    size_on_disk_after: after,
  });
  const plan = {
    apparent_size: 200 * GiB,
    phases: [
      phase("cleanup", 200 * GiB, 160 * GiB),
      phase("external-storage", 160 * GiB, 10 * GiB, [
        { action: "publish", apparent_size: 110 * GiB },
        { action: "fetch-again", apparent_size: 40 * GiB },
      ]),
      phase("shared-cache", 10 * GiB, 5 * GiB),
      phase("compression", 5 * GiB, 5 * GiB),
    ],
  } as unknown as AuditPlan;

  it("is told for now and after each phase, with what the Hub then keeps", () => {
    const { states } = costOf(plan);
    expect(states.map(({ state, size }) => [state, size / GiB])).toEqual([
      ["now", 200],
      ["cleanup", 160],
      ["external-storage", 10],
      ["shared-cache", 5],
      ["compression", 5],
    ]);
    // What others have on the Hub is theirs to pay for; what is uploaded stays private, above the free part here.
    expect(states.map(({ published_size: size, published_monthly: cost }) => [size / GiB, cost])).toEqual([
      [0, 0],
      [0, 0],
      [110, 9],
      [110, 9],
      [110, 9],
    ]);
    const disk = states.map(({ costs }) => costs.find(({ id }) => id === "cloud-disk"));
    expect(disk.map((cost) => cost?.monthly?.toFixed(2))).toEqual(["16.00", "12.80", "0.80", "0.40", "0.40"]);
    expect(disk.map((cost) => cost?.transfer?.toFixed(2))).toEqual(["9.00", "5.40", "0.00", "0.00", "0.00"]);
    expect(states[0]?.costs.find(({ id }) => id === "hub-private")).toEqual({
      id: "hub-private",
      monthly: 9,
      transfer: null,
    });
  });
});
