import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { loadConfig } from "../../lib/config";
import { readProcessMemory } from "../../lib/memory";
import { createRuntime, type RunEvent, type Runtime } from "../../lib/runtime";
import { ensureFixtureModel } from "../fixtures/models";
import { childScript, collect, temporaryFolder, until } from "./support";

/** What a caller hears while another model holds the memory, and how it leaves. Two real models, room for one. */
const folder = temporaryFolder();
let runtime: Runtime;
let first: string;
let second: string;

beforeAll(async () => {
  const [response, reasoning] = [await ensureFixtureModel("small"), await ensureFixtureModel("smallReasoning")];
  const own = readProcessMemory("self")?.anonymous ?? 0;
  const config = loadConfig({
    MEMWELL_RESPONSE_MODEL: response,
    MEMWELL_REASONING_MODEL: reasoning,
    MEMWELL_CONTEXT_SIZE: "4096",
    // About 250 MB each with this context.
    MEMWELL_MEMORY_BUDGET: String(Math.round((own + 350e6) / 0.8)),
    MEMWELL_DATA_DIR: folder,
  });
  runtime = await createRuntime(config, { childScript, keepSpare: false });
  [first, second] = runtime.models().map(({ id }) => id) as [string, string];
});
afterAll(() => runtime?.close());

const asked = new Set<AsyncGenerator<RunEvent>>();
// A test that fails half-way must not leave its lease to the next one.
afterEach(async () => {
  for (const events of asked) await events.return(undefined);
  asked.clear();
});

function ask(id: string, options: { signal?: AbortSignal; maxTokens?: number } = {}): AsyncGenerator<RunEvent> {
  const { maxTokens = 4, ...rest } = options;
  const events = runtime.generate(id, { prompt: { messages: [{ role: "user", content: "Hello" }] }, maxTokens }, rest);
  asked.add(events);
  return events;
}

/** Reads up to the first event for which it holds; a lease is held until the last event is read. */
async function readUntil(events: AsyncGenerator<RunEvent>, holds: (event: RunEvent) => boolean): Promise<RunEvent[]> {
  const read: RunEvent[] = [];
  for (;;) {
    const { value, done } = await events.next();
    if (done) throw new Error(`it ended before: ${JSON.stringify(read)}`);
    read.push(value);
    if (holds(value)) return read;
  }
}
const isBusy = (event: RunEvent): boolean => event.type === "queued" && event.waitingFor.reason === "busy";
const isPrompt = (event: RunEvent): boolean => event.type === "prompt";

describe.runIf(process.platform === "linux")("a request that waits for another model's answer", () => {
  it("hears its place and what it waits for, then the load, then its own answer", async () => {
    const busy = ask(first);
    await readUntil(busy, isPrompt);
    const waiting = ask(second);
    const heard = await readUntil(waiting, isBusy);
    expect(heard.at(-1)).toMatchObject({ position: 1, waitingFor: { reason: "busy", models: [first] } });
    expect(runtime.queue()).toMatchObject({ length: 1, limit: 64, waiting: [{ model: second }] });
    expect((await runtime.memory()).queue.length).toBe(1);

    const [, rest] = await Promise.all([collect(busy), readUntil(waiting, (event) => event.type === "done")]);
    const types = rest.map(({ type }) => type);
    expect(types).toContain("loading");
    expect(types.lastIndexOf("loading")).toBeLessThan(types.indexOf("prompt"));
    expect(types.lastIndexOf("queued")).toBeLessThan(types.indexOf("prompt"));
    expect(runtime.queue().length).toBe(0);
  });

  it("is told a time once loads and leases were seen", async () => {
    // Long enough to count as work: what takes no time tells nothing about the next one.
    for (const id of [first, second]) expect((await collect(ask(id, { maxTokens: 600 }))).done).not.toBeNull();
    const busy = ask(second);
    await readUntil(busy, isPrompt);
    const waiting = ask(first);
    const [last] = (await readUntil(waiting, isBusy)).slice(-1);
    expect(last).toMatchObject({ type: "queued", estimateMs: expect.any(Number) as number });
    await Promise.all([collect(busy), collect(waiting)]);
  });

  it("leaves the queue when it is aborted, and nobody else notices", async () => {
    const busy = ask(first);
    await readUntil(busy, isPrompt);
    const caller = new AbortController();
    const waiting = ask(second, { signal: caller.signal });
    await readUntil(waiting, isBusy);
    caller.abort();
    const { failed } = await collect(waiting);
    expect(failed?.error.code).toBe("aborted");
    expect(runtime.queue().length).toBe(0);
    expect((await collect(busy)).done).not.toBeNull();
  });

  it("leaves the queue when its reader stops reading", async () => {
    const busy = ask(first);
    await readUntil(busy, isPrompt);
    const waiting = ask(second);
    await readUntil(waiting, isBusy);
    await waiting.return(undefined);
    expect(runtime.queue().length).toBe(0);
    expect((await collect(busy)).done).not.toBeNull();
  });

  it("can be aborted while its model loads, and the next one is served", async () => {
    await runtime.unload(first);
    await runtime.unload(second);
    const caller = new AbortController();
    const loading = ask(first, { signal: caller.signal });
    await readUntil(loading, (event) => event.type === "loading");
    caller.abort();
    expect((await collect(loading)).failed?.error.code).toBe("aborted");
    expect((await collect(ask(second))).done).not.toBeNull();
  });
});

describe.runIf(process.platform === "linux")("a model whose process was just killed", () => {
  it("is loaded anew for the next request, with exactly one final event", async () => {
    expect((await collect(ask(first))).done).not.toBeNull();
    const pid = runtime.models().find(({ id }) => id === first)?.info?.pid as number;
    process.kill(pid, "SIGKILL");
    const read = await readUntil(ask(first), (event) => event.type === "done" || event.type === "failed");
    expect(read.at(-1)).toMatchObject({ type: "done" });
    expect(read.filter(isPrompt)).toHaveLength(1);
    expect(read.map(({ type }) => type)).toContain("loading");
  });
});

describe.runIf(process.platform === "linux")("a pinned model", () => {
  it("stays for as long as it is pinned, and says so", async () => {
    expect((await collect(ask(first))).done).not.toBeNull();
    expect(runtime.pin(first).pinned).toBe(true);
    const refused = (await collect(ask(second))).failed?.error;
    expect(refused?.code).toBe("memory_exceeded");
    expect(refused?.fields["waysOut"]).toContainEqual(expect.objectContaining({ type: "unload_pinned" }));
    expect(runtime.models().map(({ id, state, pinned }) => [id, state, pinned])).toEqual([
      [first, "ready", true],
      [second, "stopped", false],
    ]);
    expect(runtime.unpin(first).pinned).toBe(false);
    expect((await collect(ask(second))).done).not.toBeNull();
    await until(() => runtime.models()[0]?.state === "stopped");
    expect(() => runtime.pin("nobody")).toThrow(expect.objectContaining({ code: "model_not_found" }));
  });
});
