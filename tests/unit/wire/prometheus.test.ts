import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { RunCounters } from "../../../lib/analytics";
import { encodeMetrics, encodePrometheus, type MetricsReport, type TurnReport } from "../../../lib/wire";
import { parsePrometheus } from "../../fixtures/prometheus-text";
import { figures } from "../analytics/figures";
import { dashboardQueries, metricsIn } from "./dashboard";

/** Of Debian's package `prometheus`, where it is installed. */
const PROMTOOL = process.env["MEMWELL_PROMTOOL"] ?? "promtool";

describe("encodePrometheus", () => {
  it("writes help, type and one line a sample", () => {
    const text = encodePrometheus([
      { name: "a_bytes", help: "What a holds.", type: "gauge", samples: [{ value: 12 }] },
      {
        name: "b_total",
        help: "How often.",
        type: "counter",
        samples: [
          { labels: { model: "x", state: "ready" }, value: 1 },
          { labels: { model: "y", state: "ready" }, value: 0 },
        ],
      },
    ]);
    expect(text).toBe(
      "# HELP a_bytes What a holds.\n# TYPE a_bytes gauge\na_bytes 12\n" +
        "# HELP b_total How often.\n# TYPE b_total counter\n" +
        'b_total{model="x",state="ready"} 1\nb_total{model="y",state="ready"} 0\n',
    );
  });

  it("escapes what would end a label, a line or a help text", () => {
    const text = encodePrometheus([
      {
        name: "a",
        help: 'back\\slash "quote"\nline',
        type: "gauge",
        samples: [{ labels: { m: 'C:\\x "y"\nz' }, value: 1 }],
      },
    ]);
    expect(text).toBe('# HELP a back\\\\slash "quote"\\nline\n# TYPE a gauge\na{m="C:\\\\x \\"y\\"\\nz"} 1\n');
  });

  it.each([
    [NaN, "NaN"],
    [Infinity, "+Inf"],
    [-Infinity, "-Inf"],
    [-0.5, "-0.5"],
    [1e21, "1e+21"],
    [25_276_510_208, "25276510208"],
  ])("writes %d as Go reads it", (value, text) => {
    expect(encodePrometheus([{ name: "a", help: "", type: "gauge", samples: [{ value }] }])).toContain(`\na ${text}\n`);
  });

  it("leaves out what is not known", () => {
    const samples = [{ value: null }];
    expect(encodePrometheus([{ name: "a", help: "h", type: "gauge", samples }])).toBe("");
  });
});

describe("encodeMetrics", () => {
  const report: MetricsReport = {
    limit: { bytes: 1_000, bound: "cgroup" },
    budgetBytes: 800,
    use: { usedBytes: 300, file: 50 },
    server: { rss: 100, peak: 110 },
    spare: null,
    models: [
      { ids: ["a", "a-tuned"], memory: { rss: 200, peak: 210 } },
      { ids: ["b"], memory: null },
    ],
    queue: { length: 2 },
    gpu: { gpus: [{ index: 0, usedBytes: 5, totalBytes: null }] },
    oomKills: null,
    ledger: { written: 30, lost: 1 },
  };
  const text = encodeMetrics(report, [{ id: "a", state: "ready" }]);
  const samples = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));

  it("tells what the report tells, in base units", () => {
    expect(samples).toEqual([
      'memwell_memory_limit_bytes{bound="cgroup"} 1000',
      "memwell_memory_budget_bytes 800",
      "memwell_memory_held_bytes 300",
      "memwell_memory_page_cache_bytes 50",
      'memwell_process_resident_bytes{role="server"} 100',
      'memwell_process_resident_bytes{role="model",model="a,a-tuned"} 200',
      'memwell_process_resident_peak_bytes{role="server"} 110',
      'memwell_process_resident_peak_bytes{role="model",model="a,a-tuned"} 210',
      'memwell_gpu_memory_used_bytes{gpu="0"} 5',
      'memwell_model_state{model="a",state="stopped"} 0',
      'memwell_model_state{model="a",state="starting"} 0',
      'memwell_model_state{model="a",state="ready"} 1',
      'memwell_model_state{model="a",state="stopping"} 0',
      'memwell_model_state{model="a",state="closed"} 0',
      "memwell_queue_length 2",
      "memwell_ledger_records_total 30",
      "memwell_ledger_records_lost_total 1",
    ]);
  });

  it("is a whole exposition: every name valid and described once, every line ended", () => {
    expect([...parsePrometheus(text).values()].flatMap((metric) => metric.samples)).toHaveLength(samples.length);
  });

  describe("with what turns were counted as", () => {
    const counters = new RunCounters();
    counters.add(figures({ models: [{ ...figures().models[1]!, model: 'odd "name"\\' }] }));
    counters.add(figures({ source: "model", outcome: "failed", errorCode: "engine_crashed", durationMs: 700_000 }));
    const gauges: TurnReport["gauges"] = {
      conversations: 3,
      likes: 2,
      dislikes: 1,
      visitorsOfDay: 4,
      databaseBytes: 4096,
      freeDiskBytes: 1e9,
      evictions: [["demo-response", 2]],
      alerts: [{ name: "evictions" }, { name: "evictions" }],
    };
    const gpu = { gpus: [{ index: 0, usedBytes: 5, totalBytes: 9 }] };
    const whole = encodeMetrics({ ...report, gpu, spare: report.server, oomKills: 0 }, [{ id: "a", state: "ready" }], {
      counters: counters.snapshot(),
      gauges,
    });
    const metrics = parsePrometheus(whole);
    const value = (name: string, labels: Record<string, string> = {}, sample = `memwell_${name}`) =>
      metrics
        .get(`memwell_${name}`)
        ?.samples.find(
          (one) => one.name === sample && Object.entries(labels).every(([key, text]) => one.labels[key] === text),
        )?.value;

    it("tells them in seconds, tokens and times", () => {
      expect(value("turns_total", { source: "chat", outcome: "done" })).toBe(1);
      expect(value("turn_errors_total", { code: "engine_crashed" })).toBe(1);
      expect(value("turn_duration_seconds", { source: "chat" }, "memwell_turn_duration_seconds_sum")).toBe(2);
      expect(value("turn_duration_seconds", { source: "model", le: "640" })).toBeUndefined();
      expect(
        value("turn_duration_seconds", { source: "model", le: "640" }, "memwell_turn_duration_seconds_bucket"),
      ).toBe(0);
      expect(
        value("time_to_first_token_seconds", { source: "chat", le: "1" }, "memwell_time_to_first_token_seconds_bucket"),
      ).toBe(1);
      expect(value("generated_tokens_total", { model: 'odd "name"\\' })).toBe(24);
      expect(value("prompt_tokens_total", { model: "demo-response", kind: "reused" })).toBe(20);
      expect(value("decode_seconds_total", { model: "demo-response" })).toBe(1.2);
      expect(value("model_evictions_total", { model: "demo-response" })).toBe(2);
      expect(value("alert_active", { alert: "evictions" })).toBe(2);
      expect(value("alert_active", { alert: "disk_free" })).toBe(0);
      expect(value("feedback", { rating: "dislike" })).toBe(1);
    });

    it("has a metric for every name in the Grafana dashboard", () => {
      const queries = dashboardQueries();
      expect(queries.length).toBeGreaterThan(15);
      for (const { title, expression } of queries) {
        const names = metricsIn(expression);
        expect(names, `${title}: ${expression}`).not.toEqual([]);
        const known = [...metrics.values()].flatMap((metric) => [
          metric.name,
          ...metric.samples.map(({ name }) => name),
        ]);
        for (const name of names) expect(known, `${title}: ${expression}`).toContain(name);
      }
    });

    const hasPromtool = spawnSync(PROMTOOL, ["--version"]).status === 0;
    it.skipIf(!hasPromtool)("has nothing that promtool objects to", () => {
      const { stdout, stderr, status } = spawnSync(PROMTOOL, ["check", "metrics"], { input: whole, encoding: "utf8" });
      expect({ output: `${stdout}${stderr}`, status }).toEqual({ output: "", status: 0 });
    });
  });
});
