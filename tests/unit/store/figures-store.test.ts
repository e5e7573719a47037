import { describe, expect, it } from "vitest";
import { measureRun } from "../../../lib/analytics";
import {
  ConversationStore,
  FeedbackStore,
  FigureStore,
  MIGRATIONS,
  openDatabase,
  RecentRuns,
  RunStore,
  type RunFigures,
} from "../../../lib/store";
import { call, heard, MINE, testChat } from "../runtime/chat/support";
import { figures } from "../analytics/figures";
import { question, testStores } from "./conversations-stores";
import { testFolder } from "./folder";

const breathe = () => Promise.resolve();
const all = (store: FigureStore): RunFigures[] => [...store.pages(0, Number.MAX_SAFE_INTEGER)].flat();
const stored = () => {
  const { database } = testStores();
  return { database, store: new FigureStore(database), recent: new RecentRuns(database) };
};

describe("figures of runs in the database", () => {
  it("come back as they went in, each run once", () => {
    const { store } = stored();
    const without = figures({ run: "2", source: "model", conversation: null, message: null, visitor: null, model: null, stepMs: {}, decisions: null, segments: null, models: [] }); // prettier-ignore
    expect([store.record(figures()), store.record(figures()), store.record(without)]).toEqual([true, false, true]);
    expect(all(store)).toEqual([figures(), without]);
  });

  it("are read by the time they began at, page by page, the end not included", () => {
    const { store } = stored();
    for (let index = 0; index < 2_500; index++)
      store.record(figures({ run: String(index), beganAt: 10_000 - (index % 50) }));
    expect(all(store)).toHaveLength(2_500);
    expect(new Set(all(store).map(({ run }) => run)).size).toBe(2_500);
    expect([...store.pages(9_960, 9_970)].flat().map(({ beganAt }) => beganAt)).toEqual(
      Array.from({ length: 500 }, (_, index) => 9_960 + Math.floor(index / 50)),
    );
  });

  it("are taken up from ended runs of conversations once, also when the events were trimmed", async () => {
    const test = testChat();
    const run = await test.chat.begin(MINE, call("What is a fraction?"));
    const events = await heard(test.chat.follow(MINE, run.id));
    const store = new FigureStore(test.database.open());
    const { added, more } = store.catchUp(measureRun);
    expect(more).toBe(false);
    expect(added).toHaveLength(1);
    const steps = events.flatMap((one) => (one.type === "event" && one.event.type === "step-end" ? [one.event] : []));
    const waited = steps.filter(({ name }) => name === "slot").reduce((sum, step) => sum + step.duration_ms, 0);
    expect(added[0]).toMatchObject({ run: run.id, source: "chat", model: "response", outcome: "done" });
    expect(added[0]?.waitMs).toBeCloseTo(waited, 6);
    expect(store.catchUp(measureRun).added).toEqual([]);

    const database = test.database.open();
    await new RunStore(database, { server: "test:1" }).trim({ maxBytes: 0 });
    database.exec("DELETE FROM run_figures; UPDATE runs SET has_figures = 0");
    expect(store.catchUp(measureRun).added).toEqual(added);
  });

  it("of one run that cannot be read do not keep others from being taken up", async () => {
    const test = testChat();
    for (const text of ["One?", "Two?"]) {
      const run = await test.chat.begin(MINE, call(text, { conversation: text.replace("?", "") }));
      await heard(test.chat.follow(MINE, run.id));
    }
    const database = test.database.open();
    database.exec(
      "UPDATE run_events SET event = '{' WHERE run_key = 1; UPDATE messages SET extra = '{' WHERE role = 'assistant' AND conversation_id = 'One'",
    );
    const { added } = new FigureStore(database).catchUp(measureRun);
    expect(added.map(({ outcome, model }) => [outcome, model])).toEqual([
      ["done", null],
      ["done", "response"],
    ]);
  });

  it("are made of the runs in a database from before there were figures", async () => {
    const folder = testFolder();
    const before = MIGRATIONS.findIndex(({ name }) => name === "figures of runs, and alerts");
    const older = openDatabase(folder, { migrations: MIGRATIONS.slice(0, before) }).database;
    const stores = { conversations: new ConversationStore(older), runs: new RunStore(older, { server: "old:1" }) };
    const messages = await question(stores as never);
    const { id } = await stores.runs.begin(MINE, messages);
    const step = {
      type: "step-end",
      name: "response",
      model: "old",
      duration_ms: 9,
      decode_ms: 4,
      generated: 2,
      swapped_out: [],
    };
    await stores.runs.append(MINE, id, [step, { type: "done", finishReason: "stop", switches: [] }]);
    await stores.runs.finish(MINE, id, "done");
    older.close();

    const { added } = new FigureStore(testStores({ folder }).database).catchUp(measureRun);
    expect(added).toMatchObject([{ run: id, model: "old", outcome: "done", firstTokenMs: 5, answerTokens: 2 }]);
  });

  it("outlive their conversation, and tell nothing of it", async () => {
    const test = testChat();
    const run = await test.chat.begin(MINE, call("A secret question"));
    await heard(test.chat.follow(MINE, run.id));
    const database = test.database.open();
    const store = new FigureStore(database);
    store.catchUp(measureRun);
    await test.chat.remove(MINE, "chat-1");
    await test.conversations().purge(-1_000);
    expect(database.prepare("SELECT count(*) AS count FROM runs").get()).toEqual({ count: 0 });
    expect(all(store)).toHaveLength(1);
    expect(JSON.stringify(database.prepare("SELECT * FROM run_figures").all())).not.toMatch(
      /secret|fraction|session-mine/i,
    );
  });

  it("go when they are too old or too many, the oldest first", () => {
    const { database } = testStores();
    const store = new FigureStore(database, { maxRuns: 3, maxAgeMs: 1_000, now: () => 10_000 });
    for (const beganAt of [8_000, 9_500, 9_600, 9_700, 9_800]) store.record(figures({ run: String(beganAt), beganAt }));
    expect(store.trim()).toBe(2);
    expect(all(store).map(({ beganAt }) => beganAt)).toEqual([9_600, 9_700, 9_800]);
    expect(store.trim()).toBe(0);
  });
});

describe("recent runs", () => {
  const asked = async () => {
    const test = testChat({ script: { answer: ["A fraction is a PART of a whole."] } });
    const runs: string[] = [];
    for (const [index, text] of ["What is a fraction?", "Und was ist ein Bruch, Größe?"].entries()) {
      const run = await test.chat.begin(MINE, call(text, { conversation: `chat-${index}` }));
      await heard(test.chat.follow(MINE, run.id));
      runs.push(run.id);
    }
    const database = test.database.open();
    new FigureStore(database).catchUp(measureRun);
    return { test, database, runs, recent: new RecentRuns(database) };
  };
  const idsOf = (page: { runs: { run: string }[] }) => page.runs.map(({ run }) => run);

  it("are the newest first, page by page", async () => {
    const { recent, runs } = await asked();
    const first = await recent.read({ limit: 1, withWords: false }, breathe);
    expect(idsOf(first)).toEqual([runs[1]]);
    const second = await recent.read({ limit: 1, after: first.next!, withWords: false }, breathe);
    expect(idsOf(second)).toEqual([runs[0]]);
    expect(second.next).toBeNull();
  });

  it("are found by words for who may see words alone", async () => {
    const { recent, runs } = await asked();
    const search = (text: string, withWords: boolean) => recent.read({ search: text, withWords }, breathe);
    expect(idsOf(await search("FRACTION?", true))).toEqual([runs[0]]);
    expect(idsOf(await search("GRÖSSE", true))).toEqual([runs[1]]);
    expect(idsOf(await search("größe", true))).toEqual([runs[1]]);
    expect(idsOf(await search("part of a whole", true))).toEqual([runs[1], runs[0]]);
    const stranger = await search("fraction", false);
    expect(stranger.runs).toEqual([]);
    const found = await search("done", false);
    expect(idsOf(found)).toEqual([runs[1], runs[0]]);
    expect(found.runs.map(({ words }) => words)).toEqual([null, null]);
  });

  it("tell no words of a conversation that was removed, and what was said of an answer", async () => {
    const { recent, test, database } = await asked();
    const tree = await test.conversations().read(MINE, "chat-1");
    const answer = tree.messages.find(({ role }) => role === "assistant")!;
    await new FeedbackStore(database).set(MINE, "chat-1", answer.id, { rating: "dislike" });
    await test.chat.remove(MINE, "chat-0");
    const { runs } = await recent.read({ withWords: true }, breathe);
    expect(runs.map(({ words }) => words?.question ?? null)).toEqual(["Und was ist ein Bruch, Größe?", null]);
    expect(runs.map(({ rating }) => rating)).toEqual(["dislike", null]);
    expect(idsOf(await recent.read({ search: "What is a fraction", withWords: true }, breathe))).toEqual([]);
    const ratings = new FigureStore(database).ratings(0, Number.MAX_SAFE_INTEGER);
    expect(ratings).toMatchObject([{ rating: "dislike", model: "response" }]);
  });

  it("hold nobody up: a search that finds nothing looks at some rows at a time, and says where to go on", async () => {
    const { database, store } = stored();
    database.transaction(() => {
      for (let index = 0; index < 10_600; index++) store.record(figures({ run: String(index) }));
    })();
    let breaths = 0;
    const count = () => Promise.resolve(breaths++);
    const page = await new RecentRuns(database).read({ search: "nowhere", withWords: true }, count);
    expect([page.runs.length, breaths]).toEqual([0, 20]);
    expect(page.next).toBe(601);
  });

  it("of a long search are refused", async () => {
    const { recent } = stored();
    await expect(recent.read({ search: "x".repeat(201), withWords: false }, breathe)).rejects.toMatchObject({
      code: "request_too_large",
    });
  });
});
