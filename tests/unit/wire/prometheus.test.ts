import { describe, expect, it } from "vitest";
import { encodeMetrics, encodePrometheus, type MetricsReport } from "../../../lib/wire";

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
    expect(text.endsWith("\n")).toBe(true);
    const types = [...text.matchAll(/^# TYPE (\S+) (gauge|counter)$/gm)].map(([, name]) => name);
    expect(new Set(types).size).toBe(types.length);
    for (const sample of samples) {
      const [name] = /^[a-zA-Z_:][a-zA-Z0-9_:]*(?=[{ ])/.exec(sample) ?? [];
      expect(types).toContain(name);
    }
  });
});
