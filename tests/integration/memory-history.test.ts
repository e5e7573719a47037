import { afterEach, describe, expect, it } from "vitest";
import { loadConfig } from "../../lib/config";
import { readProcessMemory, type MemoryEvent } from "../../lib/memory";
import { createRuntime, type MemorySamples, type Runtime } from "../../lib/runtime";
import { ensureFixtureModel } from "../fixtures/models";
import { childScript, collect, isRunning, temporaryFolder, until } from "./support";

/** What a runtime with real models keeps of memory over time. */
const [response, reasoning] = [await ensureFixtureModel("small"), await ensureFixtureModel("smallReasoning")];
const MEGABYTE = 1e6;
/** Two models of about 250 MB each have room for one in this. */
const ROOM_BYTES = 310e6;
let runtime: Runtime | null = null;

async function start(folder: string, room: number | null = null): Promise<Runtime> {
  const own = readProcessMemory("self")?.anonymous ?? 0;
  const config = loadConfig({
    MEMWELL_RESPONSE_MODEL: response,
    MEMWELL_REASONING_MODEL: reasoning,
    MEMWELL_CONTEXT_SIZE: "4096",
    MEMWELL_DATA_DIR: folder,
    ...(room === null ? {} : { MEMWELL_MEMORY_BUDGET: String(Math.round((own + room) / 0.8)) }),
  });
  return (runtime = await createRuntime(config, { childScript, keepSpare: false, keepHistory: true }));
}

afterEach(() => runtime?.close());

const ask = (made: Runtime, id: string) =>
  collect(made.generate(id, { prompt: { messages: [{ role: "user", content: "Hello" }] }, maxTokens: 4 }));
const samples = (made: Runtime): Promise<MemorySamples> => {
  const to = Date.now() + 1;
  return made.memorySamples({ from: to - 10 * 60_000, to, points: 301 });
};
const modelEvents = (made: Runtime): MemoryEvent[] => made.memoryEvents({}).filter(({ model }) => model !== null);
const residentOf = async (made: Runtime, id: string) => {
  const { times, step, series } = await samples(made);
  const found = series.find(({ of, name, figure }) => of === "model" && name === id && figure === "resident");
  return { times, step, max: found?.max ?? times.map(() => null) };
};

describe.runIf(process.platform === "linux")("memory over time", () => {
  it("a load is a rise between two samples, and an event where it rises; its peak is known with its moment", async () => {
    const made = await start(temporaryFolder());
    const id = made.models()[0]?.id ?? "";
    await until(async () => (await samples(made)).times.length > 0);
    expect((await ask(made, id)).done).not.toBeNull();
    const isThere = (bytes: number | null): boolean => (bytes ?? 0) > 100 * MEGABYTE;
    await until(async () => isThere((await residentOf(made, id)).max.at(-1) ?? null));
    const { times, step, max } = await residentOf(made, id);
    const [loaded] = modelEvents(made);
    expect(loaded).toMatchObject({ event: "loaded", model: id, replaced: [] });
    const { time: ready = 0, loadMs } = loaded ?? {};
    const begun = ready - (loadMs ?? 0);
    for (const [index, time] of times.entries()) {
      if (time + step <= begun) expect(max[index]).toBeNull();
      if (time >= ready) expect(max[index]).toSatisfy(isThere);
    }
    expect(times[0]).toBeLessThan(begun);
    expect(loaded?.heldBytes).toBeGreaterThan(100 * MEGABYTE);
    const peak = (await made.memory()).peaks.find(({ of, figure }) => of === "model" && figure === "resident");
    expect(peak?.sinceStart?.bytes).toBe(Math.max(...max.flatMap((bytes) => bytes ?? [])));
    expect(peak?.kept).toEqual(peak?.sinceStart);
  });

  it("a swap says who made room for whom, and with which figures", async () => {
    const made = await start(temporaryFolder(), ROOM_BYTES);
    const [first, second] = made.models().map(({ id }) => id) as [string, string];
    for (const id of [first, second, first]) expect((await ask(made, id)).done).not.toBeNull();
    const events = modelEvents(made);
    expect(events.map(({ event, model, for: other, replaced }) => [event, model, other ?? replaced])).toEqual([
      ["loaded", first, []],
      ["evicted", first, second],
      ["loaded", second, [first]],
      ["evicted", second, first],
      ["loaded", first, [second]],
    ]);
    const { budgetBytes } = await made.memory();
    for (const { neededBytes, modelsBytes, otherBytes, heldBytes, ...event } of events.filter(
      ({ event }) => event === "evicted",
    )) {
      expect(event.budgetBytes).toBe(budgetBytes);
      // That is why: all of it together was more than the budget, and without this model it was not.
      const together = (neededBytes ?? 0) + (modelsBytes ?? 0) + (otherBytes ?? 0);
      expect(together).toBeGreaterThan(budgetBytes);
      expect(together - (heldBytes ?? 0)).toBeLessThanOrEqual(budgetBytes);
    }
  });

  it("a process that is killed is a crash, with what is known of its end; an unload has its reason", async () => {
    const made = await start(temporaryFolder());
    const id = made.models()[0]?.id ?? "";
    const { info } = await made.load(id);
    process.kill(info?.pid ?? 0, "SIGKILL");
    await until(() => !isRunning(info?.pid ?? 0) && modelEvents(made).length > 1);
    await made.load(id);
    await made.unload(id);
    await made.load(id);
    await made.close();
    const other = await createRuntime(made.config, { childScript, keepSpare: false });
    const events = other.memoryEvents({});
    await other.close();
    expect(events.map(({ event, reason, code }) => [event, reason ?? code])).toEqual([
      ["server_started", null],
      ["loaded", null],
      ["crashed", "engine_crashed"],
      ["loaded", null],
      ["unloaded", "asked"],
      ["loaded", null],
      ["unloaded", "closing"],
      ["server_stopped", null],
    ]);
    expect(events[2]?.message).toContain("SIGKILL");
  });

  it("is not taken by a runtime that is no server", async () => {
    const folder = temporaryFolder();
    const config = loadConfig({ MEMWELL_RESPONSE_MODEL: response, MEMWELL_DATA_DIR: folder });
    const command = await createRuntime(config, { childScript, keepSpare: false });
    const id = command.models()[0]?.id ?? "";
    await ask(command, id);
    expect((await samples(command)).times).toEqual([]);
    expect(command.memoryEvents({})).toEqual([]);
    await command.close();
  });
});
