import { describe, expect, it } from "vitest";
import { loadConfig } from "../../../lib/config";

describe("settings of what is kept, shown and told", () => {
  it("are read", () => {
    const { analytics } = loadConfig({
      MEMWELL_ANALYTICS: "admin",
      MEMWELL_METRICS_AGE: "30d",
      MEMWELL_METRICS_RUNS: "500",
      MEMWELL_ALERT_BUDGET: "0.5",
      MEMWELL_ALERT_DISK: "5GB",
      MEMWELL_ALERT_EVICTIONS: "3",
      MEMWELL_ALERT_WEBHOOK: "https://hooks.example.org/T0/secret",
    });
    expect(analytics).toEqual({
      access: "admin",
      maxAgeMs: 30 * 86_400_000,
      maxRuns: 500,
      alerts: {
        budgetShare: 0.5,
        freeDiskBytes: 5e9,
        evictionsPerHour: 3,
        webhook: "https://hooks.example.org/T0/secret",
      },
    });
  });

  it("can be switched off", () => {
    const off = { MEMWELL_METRICS_AGE: "off", MEMWELL_ALERT_BUDGET: "off", MEMWELL_ALERT_DISK: "off" };
    const { analytics } = loadConfig({ ...off, MEMWELL_ALERT_EVICTIONS: "off" });
    expect(analytics.maxAgeMs).toBe(Infinity);
    expect(analytics.alerts).toEqual({ budgetShare: null, freeDiskBytes: null, evictionsPerHour: null, webhook: null });
  });

  it.each([
    ["MEMWELL_ANALYTICS", "closed"],
    ["MEMWELL_METRICS_AGE", "0d"],
    ["MEMWELL_METRICS_RUNS", "0"],
    ["MEMWELL_ALERT_BUDGET", "1.5"],
    ["MEMWELL_ALERT_DISK", "much"],
    ["MEMWELL_ALERT_EVICTIONS", "-1"],
    ["MEMWELL_ALERT_WEBHOOK", "ftp://example.org"],
    ["MEMWELL_ALERT_WEBHOOK", "https://user:secret@example.org"],
    ["MEMWELL_ALERT_WEBHOOK", "file:///etc/passwd"],
  ])("%s=%s is refused by name", (name, value) => {
    expect(() => loadConfig({ [name]: value })).toThrow(expect.objectContaining({ code: "invalid_setting" }));
    expect(() => loadConfig({ [name]: value })).toThrow(name);
  });

  it("tell no secret of a webhook when it is wrong", () => {
    expect(() => loadConfig({ MEMWELL_ALERT_WEBHOOK: "hooks.example.org/secret" })).toThrow(/^(?!.*secret)/s);
  });
});
