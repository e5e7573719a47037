import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import BetterSqlite3 from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { exportMetrics, type ExportRequest } from "../../../lib/runtime";
import { RuntimeDatabase } from "../../../lib/runtime/database";
import { AlertStore, FigureStore, LedgerStore, SampleStore } from "../../../lib/store";
import { call, heard, MINE, testChat } from "../runtime/chat/support";
import { record, testFolder } from "../store/folder";
import { sampleAt } from "../store/samples-support";
import { figures } from "./figures";
import { askTrackio, hasTrackio } from "./trackio-reader";

const NOW = Date.now();
/** Where a bucket of the finest level begins. */
const LATER = Math.ceil(NOW / 2_000) * 2_000;

/** A database with a turn in a conversation, two runs of the API, memory, and an alert. */
async function recorded() {
  const test = testChat({ script: { answer: ["A secret answer."] } });
  const run = await test.chat.begin(MINE, call("A secret question?"));
  await heard(test.chat.follow(MINE, run.id));
  const database = test.database.open();
  const store = new FigureStore(database);
  store.record(figures({ run: "api-1", source: "agent", conversation: null, message: null, beganAt: NOW - 5_000 }));
  store.record(figures({ run: "api-2", model: null, outcome: "failed", errorCode: "queue_full", conversation: null, message: null, beganAt: NOW - 4_000 })); // prettier-ignore
  new LedgerStore(database).append(
    record({ time: NOW - 4_500, hostBytes: 3 * 2 ** 30, gpuBytes: 2 ** 30, model: "demo-response" }),
  );
  const alert = { name: "evictions", subject: "demo-response", text: "It left often.", value: 5, bound: 4 };
  new AlertStore(database).begin({ ...alert, beganAt: NOW - 3_000, webhook: "none" });
  const folder = testFolder();
  const run_ = (changes: Partial<ExportRequest>) => {
    let printed = "";
    const request = {
      out: null,
      from: 0,
      to: NOW + 60_000,
      withTexts: false,
      print: (text: string) => (printed += text),
    };
    return exportMetrics(test.database, { ...request, format: "json", ...changes }).then(() => printed);
  };
  return { test, run, database, folder, exported: run_ };
}

const rows = (path: string, sql: string): Record<string, unknown>[] => {
  const database = new BetterSqlite3(path, { readonly: true });
  try {
    return database.prepare(sql).all() as Record<string, unknown>[];
  } finally {
    database.close();
  }
};

describe("an export as text", () => {
  it("is a line of CSV a run, names first, in the order in which they began", async () => {
    const { exported, run } = await recorded();
    const [names, ...lines] = (await exported({ format: "csv" })).trimEnd().split("\r\n");
    const table = lines.map((line) =>
      Object.fromEntries(line.split(",").map((cell, index) => [names!.split(",")[index], cell])),
    );
    expect(table.map((row) => row["run"])).toEqual(["api-1", "api-2", run.id]);
    expect(table[0]).toMatchObject({ model: "demo-response", first_token_ms: "800", queue_ms: "200", tokens_per_second: "20", prefilled: "140", decisions: "chart=no/model", thinking_ms: "" }); // prettier-ignore
    expect(table[1]).toMatchObject({ model: "", outcome: "failed", error: "queue_full" });
  });

  it("is JSON with runs, memory and alerts, of a part of the time, without a word of a visitor", async () => {
    const { exported } = await recorded();
    const all = await exported({ format: "json" });
    expect(all).not.toContain("secret");
    expect(JSON.parse(all)).toMatchObject({
      runs: [{ run: "api-1" }, { run: "api-2" }, { source: "chat" }],
      memory: [{ model: "demo-response", hostBytes: 3 * 2 ** 30 }],
      alerts: [{ name: "evictions" }],
    });
    const part = JSON.parse(await exported({ format: "json", from: NOW - 4_200, to: NOW - 3_500 })) as Record<
      string,
      unknown[]
    >;
    expect(Object.values(part).map((list) => list.length)).toEqual([1, 0, 0]);
  });

  it("of a model whose name has commas and quotes is still CSV", async () => {
    const { exported, database } = await recorded();
    new FigureStore(database).record(figures({ run: "x", model: 'a "b", c', beganAt: 1 }));
    expect(await exported({ format: "csv", to: 2 })).toContain(',"a ""b"", c",');
  });

  it("without a database is refused", async () => {
    const nothing = new RuntimeDatabase(testFolder(), () => {});
    const request = { format: "json", out: null, from: 0, to: 1, withTexts: false, print: () => {} } as const;
    await expect(exportMetrics(nothing, request)).rejects.toMatchObject({ code: "not_found" });
    expect(nothing.exists).toBe(false);
  });
});

describe("an export for trackio", () => {
  /** Two samples: one with two GPUs, of which the second does not say how large it is, and a later one of a container. */
  const withSamples = async (changes: Partial<ExportRequest> = {}) => {
    const given = await recorded();
    const gib = (count: number) => count * 2 ** 30;
    new SampleStore(given.database).append([
      sampleAt(
        LATER - 4_000,
        [{ of: "host", name: null, figure: "used" }, gib(2), gib(3)],
        [{ of: "host", name: null, figure: "limit" }, gib(4)],
        [{ of: "server", name: null, figure: "resident" }, gib(0.5)],
        [{ of: "server", name: null, figure: "anonymous" }, gib(0.4)],
        [{ of: "model", name: "demo-response", figure: "resident" }, gib(1.5)],
        [{ of: "gpu", name: "0", figure: "used" }, gib(1)],
        [{ of: "gpu", name: "0", figure: "limit" }, gib(4)],
        [{ of: "gpu", name: "1", figure: "used" }, gib(2)],
      ),
      sampleAt(LATER + 1_000, [{ of: "container", name: null, figure: "used" }, gib(2)]),
    ]);
    const out = join(given.folder, "memwell.db");
    await given.exported({ format: "trackio", out, to: LATER + 60_000, ...changes });
    return { ...given, out };
  };

  const written = async (changes: Partial<ExportRequest> = {}) => {
    const given = await recorded();
    const out = join(given.folder, "memwell.db");
    await given.exported({ format: "trackio", out, ...changes });
    return { ...given, out };
  };

  it("has trackio's tables, and no other file beside it", async () => {
    const { out, folder } = await written();
    const tables = rows(
      out,
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    );
    expect(tables.map(({ name }) => name)).toEqual([
      "alerts",
      "configs",
      "metrics",
      "project_metadata",
      "system_metrics",
      "traces",
    ]);
    const columns = (table: string) =>
      rows(out, `SELECT name FROM pragma_table_info('${table}')`)
        .map(({ name }) => name)
        .join(" ");
    expect(columns("metrics")).toBe("id run_id timestamp run_name step metrics log_id space_id");
    expect(columns("system_metrics")).toBe("id run_id timestamp run_name metrics log_id space_id");
    expect(columns("configs")).toBe("id run_id run_name config created_at");
    expect(columns("traces")).toBe(
      "id run_id timestamp run_name step key trace_index messages metadata search_text log_id space_id",
    );
    expect(columns("alerts")).toBe("id run_id timestamp run_name title text level step alert_id");
    expect(readdirSync(folder)).toEqual(["memwell.db"]);
    expect(statSync(out).mode & 0o777).toBe(0o600);
  });

  it("has a row of metrics for each turn, a run for each model, and only numbers", async () => {
    const { out, run } = await written();
    const metrics = rows(out, "SELECT * FROM metrics ORDER BY id");
    expect(metrics.map((row) => [row["log_id"], row["run_name"], row["step"]])).toEqual([
      ["api-1", "demo-response", 0],
      ["api-2", "no answer", 0],
      [run.id, "response", 0],
    ]);
    for (const row of metrics) {
      expect(row["timestamp"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$/);
      expect(row["metrics"]).not.toMatch(/[:,] /);
      expect(new Set(Object.values(JSON.parse(row["metrics"] as string) as object).map((value) => typeof value))).toEqual(new Set(["number"])); // prettier-ignore
    }
    expect(JSON.parse(metrics[0]!["metrics"] as string)).toMatchObject({
      "turn/seconds": 2,
      "turn/first_token_seconds": 0.8,
      "turn/queue_seconds": 0.2,
      "turn/tokens_per_second": 20,
      "step/response_seconds": 1.6,
    });
    expect(rows(out, "SELECT DISTINCT run_id FROM metrics ORDER BY 1")).toEqual(
      rows(out, "SELECT run_id FROM configs ORDER BY 1"),
    );
  });

  it("has memory under trackio's names, and alerts, with runs that trackio shows", async () => {
    const { out } = await written();
    const [memory] = rows(out, "SELECT * FROM system_metrics");
    expect(JSON.parse(memory!["metrics"] as string)).toMatchObject({
      "memory/used": 3,
      "gpu/total_allocated_memory": 1,
    });
    expect(rows(out, "SELECT title, level, run_name FROM alerts")).toEqual([{ title: "evictions", level: "warn", run_name: "demo-response" }]); // prettier-ignore
    for (const table of ["system_metrics", "alerts", "traces"])
      expect(rows(out, `SELECT 1 FROM ${table} WHERE run_id NOT IN (SELECT run_id FROM metrics)`)).toEqual([]);
  });

  it("has what the machine held over time as a run of its own, each GPU under trackio's names", async () => {
    const { out } = await withSamples();
    const moments = rows(out, "SELECT * FROM system_metrics WHERE run_name = 'machine' ORDER BY id");
    expect(moments.map((row) => row["timestamp"])).toEqual([
      expect.stringMatching(/^.*T.*\.\d{3}\+00:00$/),
      new Date(LATER).toISOString().replace("Z", "+00:00"),
    ]);
    expect(JSON.parse(moments[0]!["metrics"] as string)).toEqual({
      "memory/used": 3,
      "memory/total": 4,
      "memory/available": 1,
      "memory/percent": 75,
      "gpu/0/allocated_memory": 1,
      "gpu/0/total_memory": 4,
      "gpu/0/memory_usage": 0.25,
      "gpu/1/allocated_memory": 2,
      "gpu/total_allocated_memory": 3,
      "memwell/server_memory": 0.5,
      "memwell/model_memory/demo-response": 1.5,
    });
    // What was not measured then is not told.
    expect(JSON.parse(moments[1]!["metrics"] as string)).toEqual({ "memwell/container_memory": 2 });
    expect(rows(out, "SELECT metrics FROM metrics WHERE run_name = 'machine'")).toEqual([
      { metrics: '{"machine/samples":2}' },
    ]);
    expect(rows(out, "SELECT 1 FROM configs WHERE run_name = 'machine'")).toHaveLength(1);
  });

  it("leaves out what the machine held before or after the time that is asked for", async () => {
    const { out } = await withSamples({ from: LATER });
    expect(rows(out, "SELECT metrics FROM system_metrics WHERE run_name = 'machine'")).toEqual([
      { metrics: '{"memwell/container_memory":2}' },
    ]);
  });

  it("tells the agent's steps as a trace, and words only when it is asked to", async () => {
    const { out, folder, exported } = await written();
    const [trace] = rows(out, "SELECT * FROM traces");
    const messages = JSON.parse(trace!["messages"] as string) as { role: string; content: string }[];
    expect(messages[0]?.content).toMatch(/^rules: \d+ ms/);
    expect(messages.some(({ content }) => /^response: .* by response, 4 tokens written, 10 read/.test(content))).toBe(
      true,
    );
    expect(readFileSync(out).includes("secret")).toBe(false);

    const open = join(folder, "open.db");
    await exported({ format: "trackio", out: open, withTexts: true });
    const [whole] = rows(open, "SELECT messages, search_text FROM traces");
    const said = JSON.parse(whole!["messages"] as string) as { role: string; content: string }[];
    expect(said[0]).toEqual({ role: "user", content: "A secret question?" });
    expect(said.at(-1)).toEqual({ role: "assistant", content: "A secret answer." });
    expect(whole!["search_text"]).toContain("a secret question?");
  });

  it("replaces an earlier export, and nothing else", async () => {
    const { out, folder, exported, test } = await written();
    await exported({ format: "trackio", out });
    expect(rows(out, "SELECT count(*) AS count FROM metrics")).toEqual([{ count: 3 }]);

    const other = join(folder, "other.db");
    writeFileSync(other, "not ours");
    await expect(exported({ format: "trackio", out: other })).rejects.toMatchObject({ code: "conflict" });
    expect(readFileSync(other, "utf8")).toBe("not ours");
    await expect(exported({ format: "trackio", out: join(test.folder, "memwell.db") })).rejects.toMatchObject({
      code: "conflict",
    });

    writeFileSync(`${out}-wal`, "");
    await expect(exported({ format: "trackio", out })).rejects.toMatchObject({ code: "conflict" });
  });

  it.each(["my.project.db", "x_traces.db", "registry-x.db", "file.sqlite"])(
    "is not written as %s, which trackio would not show",
    async (name) => {
      const { folder, exported } = await recorded();
      await expect(exported({ format: "trackio", out: join(folder, name) })).rejects.toMatchObject({
        code: "invalid_request",
      });
      expect(existsSync(join(folder, name))).toBe(false);
    },
  );

  it("that fails half-way leaves nothing", async () => {
    const { folder, exported } = await recorded();
    const out = join(folder, "memwell.db");
    mkdirSync(out);
    await expect(exported({ format: "trackio", out })).rejects.toThrow();
    expect(readdirSync(folder)).toEqual(["memwell.db"]);
  });

  it.skipIf(!hasTrackio)("is opened by trackio's own reader", async () => {
    const { folder } = await withSamples({ withTexts: true });
    const said = askTrackio(folder, "memwell");
    expect(said.projects).toContain("memwell");
    expect(said.runs.map(({ name }) => name).sort()).toEqual(["demo-response", "machine", "no answer", "response"]);
    expect(said.system["machine"]?.[0]).toMatchObject({ "gpu/0/allocated_memory": 1, "memory/percent": 75 });
    expect(said.tabs).toMatchObject({ metrics: true, system: true, traces: true, alerts: true });
    expect(said.logs["demo-response"]?.[0]).toMatchObject({ "turn/seconds": 2, step: 0 });
    expect(said.system["demo-response"]?.[0]).toMatchObject({ "memory/used": 3 });
    expect(said.traces["response"]?.[0]?.messages[0]).toEqual({ role: "user", content: "A secret question?" });
    expect(said.config["demo-response"]).toMatchObject({ model: "demo-response" });
    expect(said.alerts).toMatchObject([{ title: "evictions", run: "demo-response" }]);
    // Its writer adds to the file, too: nothing that it needs is missing.
    expect(said.added).toBe(2);
  });
});
