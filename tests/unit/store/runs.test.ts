import { describe, expect, it } from "vitest";
import { RunStore, type AnswerSoFar, type RunLimits } from "../../../lib/store";
import { everything, MINE, question, testStores, type TestStores } from "./conversations-stores";

async function begun(stores: TestStores) {
  const turn = await question(stores);
  return { ...turn, run: (await stores.runs.begin(MINE, turn)).id };
}

/** Another process of a server, as far as the database can tell. */
function process({ database, clock }: TestStores, server = "server-1", answerSoFar?: AnswerSoFar) {
  return new RunStore(database, { server, now: () => clock.now, ...(answerSoFar && { answerSoFar }) });
}

const joined: AnswerSoFar = (events, before) => ({ text: before.text + [...events].join(""), extra: { cut: true } });

describe("a run", () => {
  it("is begun, written, read and finished", async () => {
    const stores = testStores();
    const { runs, clock } = stores;
    const turn = await question(stores);
    const run = await runs.begin(MINE, turn);
    expect(run).toEqual({
      ...turn,
      id: expect.any(String) as string,
      server: "server-1",
      beganAt: clock.now,
      finishedAt: null,
      outcome: null,
      error: null,
      lastSequence: 0,
      isTrimmed: false,
    });
    expect(await runs.append(MINE, run.id, ["a", { b: [1, null] }])).toBe(2);
    expect(await runs.append(MINE, run.id, [])).toBe(2);
    expect(await runs.append(MINE, run.id, [false])).toBe(3);
    clock.now += 1_000;
    expect(await runs.finish(MINE, run.id, "done", { answer: { text: "Four", extra: [1] } })).toBe(true);
    const finished = { ...run, lastSequence: 3, outcome: "done", finishedAt: clock.now };
    expect(await runs.read(MINE, run.id)).toEqual(finished);
    expect(await runs.list(MINE, turn.conversation)).toEqual([finished]);
    expect(await runs.events(MINE, run.id)).toEqual({
      run: finished,
      events: [
        { sequence: 1, event: "a" },
        { sequence: 2, event: { b: [1, null] } },
        { sequence: 3, event: false },
      ],
    });
    expect(await stores.conversations.read(MINE, turn.conversation)).toMatchObject({
      updatedAt: clock.now,
      messages: [{}, { text: "Four", extra: [1] }],
    });
  });

  it.each<[after: number | undefined, limit: number | undefined, numbers: number[]]>([
    [undefined, undefined, [1, 2, 3, 4, 5]],
    [0, 2, [1, 2]],
    [2, 2, [3, 4]],
    [4, 2, [5]],
    [5, 2, []],
    [99, 2, []],
    [-7, 1, [1]],
    [NaN, NaN, [1, 2, 3, 4, 5]],
    [1.5, 1, [2]],
    [3, Infinity, [4, 5]],
    [3, -1, [4]],
  ])("read after %s, %s at most, gives %j", async (after, limit, numbers) => {
    const stores = testStores();
    const { run } = await begun(stores);
    await stores.runs.append(MINE, run, ["a", "b", "c", "d", "e"]);
    const { events } = await stores.runs.events(MINE, run, {
      ...(after !== undefined && { after }),
      ...(limit !== undefined && { limit }),
    });
    expect(events.map(({ sequence }) => sequence)).toEqual(numbers);
  });

  it("of large events is read in pages that are not larger than they must be", async () => {
    const stores = testStores();
    const { run } = await begun(stores);
    for (let count = 0; count < 12; count++) await stores.runs.append(MINE, run, ["x".repeat(500_000)]);
    const numbers: number[] = [];
    const sizes: number[] = [];
    for (let after = 0; after < 12 && sizes.length < 20; after = numbers.at(-1) ?? 12) {
      const { events } = await stores.runs.events(MINE, run, { after });
      numbers.push(...events.map(({ sequence }) => sequence));
      sizes.push(events.length);
    }
    expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(sizes).toEqual([8, 4]);
  });

  it.each(["done", "stopped", "failed", "interrupted"] as const)("that ended as %s takes no more", async (outcome) => {
    const stores = testStores();
    const { run, conversation } = await begun(stores);
    const error = { code: "engine_crashed" as const, message: "It crashed. Try again.", fields: { pid: 7 } };
    expect(await stores.runs.finish(MINE, run, outcome, { error, answer: { text: "Fo" } })).toBe(true);
    const before = everything(stores);
    expect(await stores.runs.finish(MINE, run, "done", { answer: { text: "late" } })).toBe(false);
    await expect(stores.runs.append(MINE, run, ["late"])).rejects.toMatchObject({
      code: "aborted",
      fields: { run, outcome },
    });
    expect(everything(stores)).toEqual(before);
    expect(await stores.runs.read(MINE, run)).toMatchObject({ outcome, error });
    expect((await stores.conversations.read(MINE, conversation)).messages[1]?.text).toBe("Fo");
  });

  it("ends even with an error that cannot be written", async () => {
    const stores = testStores();
    const { run } = await begun(stores);
    const error = { code: "internal" as const, message: "m".repeat(1e6), fields: { count: 1n } };
    await stores.runs.finish(MINE, run, "failed", { error });
    expect((await stores.runs.read(MINE, run)).error).toEqual({ ...error, message: "m".repeat(10_000), fields: {} });
  });

  it("of a conversation removed meanwhile goes on, and is there when that is undone", async () => {
    const stores = testStores();
    const { run, conversation } = await begun(stores);
    await stores.conversations.remove(MINE, conversation);
    await stores.runs.append(MINE, run, ["a"]);
    await stores.runs.finish(MINE, run, "done", { answer: { text: "Four" } });
    await expect(stores.runs.events(MINE, run)).rejects.toMatchObject({ code: "not_found" });
    await stores.conversations.restore(MINE, conversation);
    expect((await stores.runs.events(MINE, run)).events).toHaveLength(1);
    expect((await stores.conversations.read(MINE, conversation)).messages[1]?.text).toBe("Four");
  });
});

describe("what is too much or wrong is refused, and nothing is lost by it", () => {
  const limits: Partial<RunLimits> = {
    eventBytes: 50,
    eventsPerAppend: 4,
    eventsPerRun: 5,
    runBytes: 100,
    messageLength: 10,
    extraLength: 20,
  };
  const circle: unknown[] = [];
  circle.push(circle);
  type Begun = Awaited<ReturnType<typeof begun>>;

  it.each<[string, string, (stores: TestStores, place: Begun) => Promise<unknown>]>([
    ["a large event", "request_too_large", (s, { run }) => s.runs.append(MINE, run, ["ok", "x".repeat(49)])],
    ["an event of wide characters", "request_too_large", (s, { run }) => s.runs.append(MINE, run, ["ж".repeat(25)])],
    ["too many events", "request_too_large", (s, { run }) => s.runs.append(MINE, run, [1, 2, 3, 4, 5])],
    ["too many for the run", "request_too_large", (s, { run }) => s.runs.append(MINE, run, [1, 2, 3, 4])],
    ["too large for the run", "request_too_large", (s, { run }) => s.runs.append(MINE, run, Array(3).fill(X45))],
    ["a circle", "invalid_request", (s, { run }) => s.runs.append(MINE, run, ["ok", circle])],
    ["undefined", "invalid_request", (s, { run }) => s.runs.append(MINE, run, ["ok", undefined])],
    ["null", "invalid_request", (s, { run }) => s.runs.append(MINE, run, [null])],
    ["a BigInt", "invalid_request", (s, { run }) => s.runs.append(MINE, run, [1n])],
    [
      "a long answer",
      "request_too_large",
      (s, { run }) => s.runs.finish(MINE, run, "done", { answer: { text: "x".repeat(11) } }),
    ],
    [
      "an answer's large extra",
      "request_too_large",
      (s, { run }) => s.runs.finish(MINE, run, "done", { answer: { text: "", extra: "x".repeat(20) } }),
    ],
    ["an outcome there is not", "", (s, { run }) => s.runs.finish(MINE, run, "won" as never)],
    ["a second run for the same answer", "conflict", (s, place) => s.runs.begin(MINE, place)],
    [
      "a run that fills a question",
      "invalid_request",
      (s, place) => s.runs.begin(MINE, { ...place, assistantMessage: place.userMessage }),
    ],
    [
      "a run with an id that is there",
      "invalid_request",
      (s, place) => s.runs.begin(MINE, { ...place, id: place.run }),
    ],
    ["a run with an id of no kind", "invalid_request", (s, place) => s.runs.begin(MINE, { ...place, id: "a b" })],
    ["a run for no message", "not_found", (s, place) => s.runs.begin(MINE, { ...place, userMessage: "nobody" })],
  ])("%s", async (_, code, call) => {
    const stores = testStores({ run: { limits } });
    const place = await begun(stores);
    await stores.runs.append(MINE, place.run, ["a", "b"]);
    const before = everything(stores);
    await expect(call(stores, place)).rejects.toMatchObject(code === "" ? {} : { code });
    expect(everything(stores)).toEqual(before);
    expect(await stores.runs.append(MINE, place.run, ["c"])).toBe(3);
  });

  it("names the run that fills the message already", async () => {
    const stores = testStores();
    const place = await begun(stores);
    const { run, ...turn } = place;
    await expect(stores.runs.begin(MINE, turn)).rejects.toMatchObject({ fields: { run } });
    await stores.runs.finish(MINE, run, "stopped");
    await stores.runs.begin(MINE, turn);
  });
});

describe("a server that died", () => {
  it("leaves its runs to the one that starts in its place, at once, with what was said", async () => {
    const stores = testStores();
    const { run, conversation, assistantMessage } = await begun(stores);
    await stores.runs.append(MINE, run, ["Fo", "ur"]);
    const next = process(stores, "server-1", joined);
    expect(await next.start()).toEqual([{ id: run, session: MINE, conversation, assistantMessage }]);
    expect(await next.start()).toEqual([]);
    expect(await next.read(MINE, run)).toMatchObject({ outcome: "interrupted", finishedAt: stores.clock.now });
    expect((await next.events(MINE, run)).events).toHaveLength(2);
    expect((await stores.conversations.read(MINE, conversation)).messages[1]).toMatchObject({
      text: "Four",
      extra: { cut: true },
    });
    await expect(stores.runs.append(MINE, run, ["late"])).rejects.toMatchObject({ code: "aborted" });
    expect(await stores.runs.finish(MINE, run, "done", { answer: { text: "late" } })).toBe(false);
  });

  it.each<[string, number, boolean]>([
    ["that was heard of just in time", 10_000, false],
    ["that was not heard of for longer", 10_001, true],
    ["before the clock was set back a little", -10_000, false],
    ["before the clock was set back far", -10_001, true],
  ])("%s is known to others by the sign of life that is missing", async (_, passed, isReaped) => {
    const stores = testStores();
    const { run } = await begun(stores);
    stores.clock.now += 50_000;
    await stores.runs.heartbeat();
    stores.clock.now += passed;
    const reaped = await process(stores, "server-2").reap(stores.clock.now, 10_000);
    expect(reaped.map(({ id }) => id)).toEqual(isReaped ? [run] : []);
    expect((await stores.runs.read(MINE, run)).outcome).toBe(isReaped ? "interrupted" : null);
  });

  it("is not one that reaps, however long it slept, nor one that has just begun", async () => {
    const stores = testStores();
    const { run } = await begun(stores);
    stores.clock.now += 1e9;
    expect(await stores.runs.reap(stores.clock.now, 1_000)).toEqual([]);
    stores.clock.now += 1e9;
    const other = process(stores, "server-2");
    const begin = await other.begin(MINE, await question(stores));
    expect((await other.reap(stores.clock.now, 1_000)).map(({ id }) => id)).toEqual([run]);
    expect((await other.read(MINE, begin.id)).outcome).toBeNull();
  });

  it("that starts again leaves the runs of other servers alone, and those that ended", async () => {
    const stores = testStores();
    const ended = await begun(stores);
    await stores.runs.finish(MINE, ended.run, "done");
    const other = process(stores, "server-2");
    const { id } = await other.begin(MINE, await question(stores));
    expect(await process(stores).start()).toEqual([]);
    expect((await other.read(MINE, id)).outcome).toBeNull();
    expect((await other.read(MINE, ended.run)).outcome).toBe("done");
  });

  it.each<[string, AnswerSoFar, string]>([
    [
      "fails",
      () => {
        throw new Error("cannot");
      },
      "",
    ],
    ["gives what cannot be written", () => ({ text: "Four", extra: 1n }), ""],
    ["has nothing to say", () => null, ""],
    ["stops reading early", ([first]) => ({ text: String(first) }), "Fo"],
    ["says too much", () => ({ text: "x".repeat(500_000) }), "x".repeat(400_000)],
  ])("has its runs ended too when putting an answer together %s", async (_, answerSoFar, text) => {
    const stores = testStores();
    const places = [await begun(stores), await begun(stores)];
    for (const { run } of places) await stores.runs.append(MINE, run, ["Fo", "ur"]);
    expect(await process(stores, "server-1", answerSoFar).start()).toHaveLength(2);
    for (const { conversation, run } of places) {
      expect((await stores.conversations.read(MINE, conversation)).messages[1]?.text).toBe(text);
      expect((await stores.runs.read(MINE, run)).outcome).toBe("interrupted");
    }
  });
});

describe("old events", () => {
  async function threeRuns(stores: TestStores) {
    const ids = [];
    for (let count = 0; count < 3; count++) {
      const { run } = await begun(stores);
      await stores.runs.append(MINE, run, ["x".repeat(98), "x".repeat(98)]);
      await stores.runs.finish(MINE, run, "done", { answer: { text: "said" } });
      stores.clock.now += 1_000;
      ids.push(run);
    }
    return ids;
  }

  it.each<[string, object, number]>([
    ["none is too old or too much", {}, 0],
    ["all fit exactly", { maxBytes: 600 }, 0],
    ["one is too much", { maxBytes: 599 }, 1],
    ["two are", { maxBytes: 399 }, 2],
    ["nothing may be kept", { maxBytes: 0 }, 3],
    ["one is too old", { maxAgeMs: 2_000 }, 1],
    ["all are", { maxAgeMs: 0 }, 3],
    ["all are, but not all at once", { maxAgeMs: 0, most: 2 }, 2],
  ])("go, the oldest first, and messages stay: %s", async (_, trim, trimmed) => {
    const stores = testStores();
    const ids = await threeRuns(stores);
    expect(await stores.runs.trim(trim)).toEqual({ runs: trimmed, bytes: 200 * trimmed });
    for (const [index, id] of ids.entries()) {
      const { events, run } = await stores.runs.events(MINE, id);
      expect(events).toHaveLength(index < trimmed ? 0 : 2);
      expect(run).toMatchObject({ isTrimmed: index < trimmed, lastSequence: 2, outcome: "done" });
      expect((await stores.conversations.read(MINE, run.conversation)).messages[1]?.text).toBe("said");
    }
    if (!("most" in trim)) expect(await stores.runs.trim(trim)).toEqual({ runs: 0, bytes: 0 });
  });

  it("of a run that goes on are kept, whatever they are", async () => {
    const stores = testStores();
    const { run } = await begun(stores);
    await stores.runs.append(MINE, run, ["a"]);
    stores.clock.now += 1e12;
    expect(await stores.runs.trim({ maxAgeMs: 0, maxBytes: 0 })).toEqual({ runs: 0, bytes: 0 });
    expect((await stores.runs.events(MINE, run)).events).toHaveLength(1);
  });
});

const X45 = "x".repeat(45);
