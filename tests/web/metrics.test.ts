import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import BetterSqlite3 from "better-sqlite3";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FinishedStep } from "../../lib/agent";
import type { AlertEntry, MetricsRunsBody, MetricsSummary } from "../../lib/wire";
import { parsePrometheus } from "../fixtures/prometheus-text";
import { hookServerFor } from "./hook";
import { startServer, type TestServer } from "./server";
import { SHORT, smallModels, visitorFetch } from "./visitor";

const folder = mkdtempSync(path.join(tmpdir(), "memwell-metrics-"));
const TOKEN = "admin-token-of-this-test";
/** A caller that came through a proxy is not taken for somebody at this machine. */
const FROM_ELSEWHERE = { "x-forwarded-for": "203.0.113.9" };
let server: TestServer;
let settings: Record<string, string>;

beforeAll(async () => {
  settings = { ...(await smallModels(folder)), MEMWELL_ADMIN_TOKEN: TOKEN };
  server = await startServer(settings);
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const get = async <Body>(route: string, headers: Record<string, string> = {}): Promise<Body> => {
  const response = await fetch(new URL(route, server.address), { headers });
  expect(response.status, route).toBe(200);
  return (await response.json()) as Body;
};
const post = (ask: typeof fetch, route: string, body: unknown) =>
  ask(new URL(route, server.address), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

/** A turn in a conversation of a new visitor, read to its end. */
async function chatTurn(conversation: string, text: string): Promise<ReturnType<typeof visitorFetch>> {
  const ask = visitorFetch(() => server.address);
  const message = { id: `${conversation}-question`, role: "user", parts: [{ type: "text", text }] };
  const response = await post(ask, "/api/chat", { id: conversation, messages: [message], ...SHORT });
  expect(response.status).toBe(200);
  await response.text();
  return ask;
}

/** The runs as the database has them: what they began and ended at, and the steps that their events tell. */
function recordedRuns() {
  const database = new BetterSqlite3(path.join(folder, "data", "memwell.db"), { readonly: true });
  try {
    const runs = database.prepare("SELECT key, id, began_at, finished_at FROM runs ORDER BY key").all();
    return (runs as { key: number; id: string; began_at: number; finished_at: number }[]).map((run) => {
      const rows = database.prepare("SELECT event FROM run_events WHERE run_key = ? ORDER BY sequence").all(run.key);
      const events = (rows as { event: string }[]).map(({ event }) => JSON.parse(event) as { type: string });
      const steps = events.filter(({ type }) => type === "step-end") as unknown as FinishedStep[];
      const done = events.find(({ type }) => type === "done") as unknown as { switches: string[] } | undefined;
      return { ...run, events, steps, done };
    });
  } finally {
    database.close();
  }
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
/** The nearest rank, computed another way than the server does. */
const ranked = (values: number[], share: number) =>
  [...values].sort((a, b) => a - b).find((_, index) => (index + 1) / values.length >= share);

describe("figures of turns", () => {
  it("equal those computed from the runs' own events, and count what was asked without a conversation", async () => {
    await chatTurn("chat-1", "What is a fraction?");
    const liker = await chatTurn("chat-2", "What is 12 * 12?");
    const tree = (await (await liker("/api/conversations/chat-2")).json()) as {
      messages: { id: string; role: string }[];
    };
    const answer = tree.messages.find(({ role }) => role === "assistant")!;
    const opinion = await liker(`/api/conversations/chat-2/messages/${answer.id}/feedback`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ rating: "like" }),
    });
    expect(opinion.status).toBe(200);
    for (const model of ["memwell", (await get<{ data: { id: string }[] }>("/v1/models")).data.find(({ id }) => id !== "memwell")!.id])
      expect((await post(fetch, "/v1/chat/completions", { model, messages: [{ role: "user", content: "Hello" }], max_tokens: 8, ...(model === "memwell" && { max_thought_tokens: 4 }) })).status).toBe(200); // prettier-ignore

    const { total, groups } = await get<MetricsSummary>("/api/metrics?by=day");
    expect(total).toMatchObject({
      turns: 4,
      sources: { chat: 2, agent: 1, model: 1 },
      outcomes: { done: 4 },
      errors: {},
      visitors: 2,
      conversations: 2,
      likes: 1,
      dislikes: 0,
      prompted_turns: 3,
    });
    expect(sum(groups.map(({ turns }) => turns))).toBe(4);

    const runs = recordedRuns();
    const { runs: listed } = await get<MetricsRunsBody>("/api/metrics/runs");
    expect(listed.map(({ source }) => source)).toEqual(["model", "agent", "chat", "chat"]);
    for (const run of runs) {
      const found = listed.find((one) => one.run === run.id)!;
      const ofStep = (name: string) => run.steps.filter((step) => step.name === name);
      const ms = (name: string) => sum(ofStep(name).map(({ duration_ms }) => duration_ms));
      const [response] = ofStep("response");
      const before = sum(run.steps.slice(0, run.steps.indexOf(response!)).map(({ duration_ms }) => duration_ms));
      expect(found.turn_ms).toBe(run.finished_at - run.began_at);
      expect(found.wait_ms).toBeCloseTo(ms("slot"), 6);
      for (const name of ["rules", "decision", "tool", "thinking", "response"])
        expect(found.step_ms[name] ?? 0).toBeCloseTo(ms(name), 6);
      expect(found.first_token_ms).toBeCloseTo(before + response!.duration_ms - response!.decode_ms, 6);
      expect(found.answer_tokens).toBe(response!.generated);
      expect(found.swaps).toBe(sum(run.steps.map(({ swapped_out }) => swapped_out.length)));
      expect(found.segments).toEqual(run.done?.switches);
      expect(found.decisions).toHaveLength(run.events.filter(({ type }) => type === "decision").length);
      const tokens = (of: "prefilled" | "reused" | "generated") =>
        sum(run.steps.filter(({ name }) => name !== "slot").map((step) => step[of]));
      expect(found.tokens).toEqual({
        prefilled: tokens("prefilled"),
        reused: tokens("reused"),
        generated: tokens("generated"),
      });
    }
    for (const [name, share] of [["p50", 0.5], ["p95", 0.95]] as const) // prettier-ignore
      for (const figure of ["turn_ms", "first_token_ms", "wait_ms"] as const)
        expect(total[figure]![name]).toBe(ranked(listed.map((run) => run[figure]!), share)); // prettier-ignore
    for (const [segment, count] of Object.entries(total.segments))
      expect(count).toBe(listed.filter(({ segments }) => segments?.includes(segment)).length);
  });

  it("tell load apart from queue by the ledger", async () => {
    const { runs } = await get<MetricsRunsBody>("/api/metrics/runs");
    const first = runs.at(-1)!;
    const log = await get<{ records: { step: string; phase: string; duration_ms: number | null }[] }>(
      `/api/memory/log?run=${first.run}`,
    );
    const loads = log.records.filter(
      ({ step, phase }) => phase === "end" && ["start", "load", "context"].includes(step),
    );
    expect(loads.length).toBeGreaterThan(0);
    expect(first.load_ms).toBeCloseTo(sum(loads.map(({ duration_ms }) => duration_ms!)), 6);
    expect(first.wait_ms! - first.load_ms!).toBeGreaterThan(-50);
  });

  it("by model name who answered, and what each model did", async () => {
    const { groups, total } = await get<MetricsSummary>("/api/metrics?by=model");
    const { runs } = await get<MetricsRunsBody>("/api/metrics/runs");
    expect(sum(groups.map(({ turns }) => turns))).toBe(total.turns);
    for (const { key, turns } of groups) expect(turns).toBe(runs.filter(({ model }) => model === key).length);
    expect(sum(Object.values(total.models).map(({ generated }) => generated))).toBe(
      sum(runs.map(({ tokens }) => tokens.generated)),
    );
  });

  it("are refused by name for what cannot be asked", async () => {
    const response = await fetch(`${server.address}/api/metrics?by=week`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: "invalid_request", parameter: "by" } });
  });

  it("are in Prometheus's format, the same figures since the start", async () => {
    const text = await (await fetch(`${server.address}/metrics`)).text();
    const metrics = parsePrometheus(text);
    const of = (name: string) => metrics.get(`memwell_${name}`)?.samples ?? [];
    expect(sum(of("turns_total").map(({ value }) => value))).toBe(4);
    const { total } = await get<MetricsSummary>("/api/metrics");
    const seconds = of("turn_duration_seconds").filter(({ name }) => name.endsWith("_sum"));
    expect(sum(seconds.map(({ value }) => value)) * 1000).toBeCloseTo(total.turn_ms!.mean * total.turn_ms!.count, 3);
    for (const { labels, value } of of("generated_tokens_total"))
      expect(value).toBe(total.models[labels["model"]!]?.generated);
    expect(of("feedback").map(({ value }) => value)).toEqual([1, 0]);
    expect(of("conversations")[0]?.value).toBe(2);
  });

  it("can be written as a file by the command line while the server runs", async () => {
    const out = path.join(folder, "export.db");
    const environment = { env: { ...process.env, ...settings } };
    const program = [path.resolve("dist/cli.js"), "metrics", "export"];
    await execa(process.execPath, [...program, "--format", "trackio", "--out", out], environment);
    const database = new BetterSqlite3(out, { readonly: true });
    // The machine's own samples are a run of theirs.
    const ofTurns = database.prepare("SELECT count(*) AS count FROM metrics WHERE run_name <> 'machine'");
    expect(ofTurns.get()).toEqual({ count: 4 });
    expect(database.prepare("SELECT count(*) AS count FROM traces").get()).toEqual({ count: 2 });
    database.close();
    const { stdout } = await execa(process.execPath, [...program, "--format", "csv"], environment);
    expect(stdout.trim().split(/\r?\n/)).toHaveLength(5);
    const wrong = await execa(process.execPath, [...program, "--format", "xml"], { ...environment, reject: false });
    expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining("trackio, csv, json")]);
  });
});

describe("who may see what", () => {
  it("words and ids are for the administrator alone, and so is a search in them", async () => {
    const bearer = { ...FROM_ELSEWHERE, authorization: `Bearer ${TOKEN}` };
    const mine = await get<MetricsRunsBody>("/api/metrics/runs?search=FRACTION", bearer);
    expect(mine.runs.map(({ words }) => words?.question)).toEqual(["What is a fraction?"]);
    const other = await get<MetricsRunsBody>("/api/metrics/runs", FROM_ELSEWHERE);
    expect(other.runs).toHaveLength(4);
    expect(
      other.runs.every(({ words, run, conversation }) => words === null && run === null && conversation === null),
    ).toBe(true);
    expect(JSON.stringify(other)).not.toMatch(/fraction|chat-1/i);
    expect((await get<MetricsRunsBody>("/api/metrics/runs?search=fraction", FROM_ELSEWHERE)).runs).toEqual([]);
  });

  it("a browser that another site's page sends here gets no words", async () => {
    const { runs } = await get<MetricsRunsBody>("/api/metrics/runs", { "sec-fetch-site": "cross-site" });
    expect(runs.map(({ words, run }) => words ?? run)).toEqual([null, null, null, null]);
    const own = await get<MetricsRunsBody>("/api/metrics/runs", { "sec-fetch-site": "same-origin" });
    expect(own.runs.at(-1)?.words?.question).toBe("What is a fraction?");
  });

  it("an owner can close all of it to everybody else, and the chat goes on", async () => {
    const closed = await startServer({
      ...settings,
      MEMWELL_ANALYTICS: "admin",
      MEMWELL_DATA_DIR: path.join(folder, "closed"),
    });
    try {
      const status = async (route: string, headers: Record<string, string>) =>
        (await fetch(new URL(route, closed.address), { headers })).status;
      const routes = [
        "/api/metrics",
        "/api/metrics/runs",
        "/api/alerts",
        "/api/evals",
        "/api/memory",
        "/api/memory/log",
        "/api/cache",
        "/metrics",
      ];
      for (const route of routes) {
        expect(await status(route, FROM_ELSEWHERE), route).toBe(403);
        expect(await status(route, { ...FROM_ELSEWHERE, authorization: `Bearer ${TOKEN}` }), route).not.toBe(403);
      }
      for (const route of ["/", "/healthz", "/v1/models"]) expect(await status(route, FROM_ELSEWHERE), route).toBe(200);
    } finally {
      await closed.stop();
    }
  });
});

describe("alerts", () => {
  it("are told to a webhook and in the list once, also over a restart", async () => {
    const hook = await hookServerFor();
    const data = path.join(folder, "alerted");
    // No disk has so much room, and no server holds so little.
    const alerted = {
      ...settings,
      MEMWELL_DATA_DIR: data,
      MEMWELL_ALERT_DISK: "100000TB",
      MEMWELL_MEMORY_BUDGET: "2GiB",
      MEMWELL_ALERT_BUDGET: "0.001",
      MEMWELL_ALERT_WEBHOOK: hook.address,
    };
    try {
      for (let start = 0; start < 2; start++) {
        const one = await startServer(alerted);
        try {
          await hook.told;
          const read = async () =>
            ((await (await fetch(`${one.address}/api/alerts`)).json()) as { alerts: AlertEntry[] }).alerts;
          await expect.poll(read, { timeout: 20_000 }).toMatchObject([
            { name: "disk_free", ended_at: null, webhook: "sent" },
            { name: "memory_budget", ended_at: null, webhook: "sent" },
          ]);
          const metrics = parsePrometheus(await (await fetch(`${one.address}/metrics`)).text());
          const active = metrics
            .get("memwell_alert_active")!
            .samples.find(({ labels }) => labels["alert"] === "disk_free");
          expect(active?.value).toBe(1);
        } finally {
          await one.stop();
        }
      }
      const bodies = hook.bodies as { alert: AlertEntry; text: string }[];
      expect(bodies.map(({ alert }) => alert.name).sort()).toEqual(["disk_free", "memory_budget"]);
      for (const { alert, text } of bodies) expect(text).toBe(`Memwell: ${alert.text}`);
    } finally {
      hook.close();
    }
  });
});
