import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FitBody, MemoryBody, MemoryEventsBody, MemorySamplesBody } from "../../lib/wire";
import { startServer, type TestServer } from "./server";

let folder: string;
let server: TestServer;

const start = () => startServer({ MEMWELL_DATA_DIR: join(folder, "data") });
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "memwell-history-"));
  server = await start();
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const read = async <Body>(path: string, headers: Record<string, string> = {}) =>
  (await (await fetch(`${server.address}${path}`, { headers })).json()) as Body;
const samples = (query = "") => read<MemorySamplesBody>(`/api/memory/samples?${query}`);
const load = (id: string) => fetch(`${server.address}/api/models/${id}/load`, { method: "POST" });
const seriesOf = ({ series }: MemorySamplesBody, of: string, figure: string) =>
  series.find((one) => one.of === of && one.figure === figure);

/** Waits for the next sample: they come every two seconds. */
async function nextSample(after: number): Promise<MemorySamplesBody> {
  for (;;) {
    const body = await samples();
    if (body.next > after) return body;
    await new Promise((done) => setTimeout(done, 100));
  }
}

async function memwell(...commandArguments: string[]) {
  const program = [resolve("dist/cli.js"), ...commandArguments, "--url", server.address];
  return (await execa(process.execPath, program)).stdout;
}

describe("memory over time", () => {
  test("a model that is loaded appears in the samples, and stays an event", async () => {
    const before = await samples();
    expect(seriesOf(before, "server", "resident")?.max[0]).toBeGreaterThan(10e6);
    expect(seriesOf(before, "model", "resident")).toBeUndefined();
    await load("demo-response");
    const after = await nextSample(Date.now());
    expect(seriesOf(after, "model", "resident")).toMatchObject({ name: "demo-response" });
    expect(seriesOf(after, "model", "resident")?.max.at(-1)).toBeGreaterThan(50e6);
    const { events } = await read<MemoryEventsBody>("/api/memory/events?model=demo-response");
    expect(events).toMatchObject([{ event: "loaded", replaced: [] }]);
  });

  test("whoever follows is told only what is new", async () => {
    const { to, from, step, next } = await samples();
    const later = await nextSample(next);
    const query = new URLSearchParams({ from: `${from}`, to: `${to + 60_000}`, step: `${step}`, after: `${next}` });
    const news = await samples(query.toString());
    expect(news.times[0]).toBe(Math.floor(next / step) * step);
    expect(news.next).toBeGreaterThanOrEqual(later.next);
  });

  test("the peaks are told with the figures of now, and by the command line", async () => {
    const { peaks } = await read<MemoryBody>("/api/memory");
    const peak = peaks.find(({ of, figure }) => of === "model" && figure === "resident");
    expect(peak).toMatchObject({ name: "demo-response", kept: peak?.since_start });
    const body = JSON.parse(await memwell("memory", "--since", "10m", "--json")) as MemorySamplesBody;
    expect(Math.max(...(seriesOf(body, "model", "resident")?.max ?? []).map((bytes) => bytes ?? 0))).toBe(
      peak?.since_start?.bytes,
    );
    const text = await memwell("memory", "--since", "10m");
    expect(text).toMatch(/^model demo-response +resident +\d+\.\d MB/m);
    expect(text).toMatch(/ the server started$/m);
    expect(text).toMatch(/ demo-response \(\d+\.\d MB\) was loaded in \d+\.\d s, forecast \d+\.\d MB$/m);
  });

  test("a server that is killed loses the last ten seconds at most, and the next one shows the rest", async () => {
    await nextSample((await samples()).from + 600_000 + 12_000);
    const { series, times } = await samples();
    expect(series.length).toBeGreaterThan(5);
    process.kill(server.pid, "SIGKILL");
    await server.stop();
    server = await start();
    const kept = await samples();
    // Five samples are written together.
    const written = times.slice(0, -5);
    expect(written).not.toHaveLength(0);
    expect(kept.times.slice(0, written.length)).toEqual(written);
    const { events } = await read<MemoryEventsBody>("/api/memory/events");
    expect(events.map(({ event }) => event)).toEqual(["server_started", "loaded", "server_started"]);
    const { peaks } = await read<MemoryBody>("/api/memory");
    expect(peaks.find(({ of }) => of === "model")).toMatchObject({
      since_start: null,
      kept: { bytes: expect.any(Number) as number },
    });
  });

  test.each([
    ["/api/memory/samples?points=1", "points"],
    ["/api/memory/samples?from=yesterday", "from"],
    ["/api/memory/events?limit=100000", "limit"],
    ["/api/models/fit", "model"],
    ["/api/models/fit?model=memwell&context=0", "context"],
  ])("%s is refused by the name of what is wrong", async (path, parameter) => {
    const response = await fetch(server.address + path);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: "invalid_request", parameter } });
  });
});

describe("would a model fit", () => {
  const stranger = { "x-forwarded-for": "203.0.113.5" };

  test("everybody may ask of the models that are listed, and learns nothing of the disk", async () => {
    const fit = await read<FitBody>("/api/models/fit?model=demo-response", stranger);
    expect(fit).toMatchObject({ model: "demo-response", path: null, fits: true, context_size: 4096 });
    const { total, ...parts } = fit.forecast;
    expect(Object.values(parts).reduce((sum, bytes) => sum + bytes, 0)).toBe(total);
    const own = await read<FitBody>("/api/models/fit?model=demo-response&context=512");
    expect(own.path).toMatch(/demo-response\.gguf$/);
    expect(own.forecast.kv).toBeLessThan(fit.forecast.kv);
  });

  test.each(["hf:org/repo", "/etc/passwd", "nobody"])("of anything else (%s) only the administrator", async (model) => {
    const path = `/api/models/fit?model=${encodeURIComponent(model)}`;
    const response = await fetch(server.address + path, { headers: stranger });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { code: "admin_only" } });
  });

  test("the administrator hears what is wrong with a file", async () => {
    const answer = await read<{ error: { code: string } }>("/api/models/fit?model=%2Fetc%2Fhostname.gguf");
    expect(answer).toMatchObject({ error: { code: "model_file_missing" } });
  });
});
