import { describe, expect, it } from "vitest";
import { call, halfway, heard, MINE, testChat, textOf } from "./support";

const QUESTION = call("What is a fraction?");

describe("a server that is closed in the middle of an answer", () => {
  it("leaves it as interrupted, with what was said; a reader is told, and the next server knows", async () => {
    const first = halfway();
    const run = await first.chat.begin(MINE, QUESTION);
    await first.reach(run.id);
    const reader = heard(first.chat.follow(MINE, run.id));
    const closing = first.chat.close();
    first.open();
    await closing;
    await expect(first.chat.begin(MINE, QUESTION)).rejects.toMatchObject({ code: "engine_closed" });
    await reader.catch(() => {});
    first.database.close();

    const second = testChat({ folder: first.folder });
    const events = await heard(second.chat.follow(MINE, run.id));
    expect(events.at(-1)).toMatchObject({ type: "end", run: { outcome: "interrupted" } });
    expect(events.some((event) => event.type === "event" && event.event.type === "failed")).toBe(false);
    const [, answer] = (await second.conversations().read(MINE, "chat-1")).messages;
    expect(answer?.text).toMatch(/^The first half\./);
    await heard(second.chat.follow(MINE, (await second.chat.begin(MINE, call("Go on"))).id));
    expect(second.requests[0]?.history).toMatchObject([{ message: "What is a fraction?" }]);
  });
});

describe("a server that died in the middle of an answer", () => {
  it("is taken over by its next process: the answer ends as interrupted, with what was recorded", async () => {
    const dead = halfway();
    const run = await dead.chat.begin(MINE, QUESTION);
    const sequence = await dead.reach(run.id);
    const next = testChat({ folder: dead.folder });
    await next.chat.open();
    const events = await heard(next.chat.follow(MINE, run.id));
    expect(events.at(-1)).toMatchObject({ type: "end", run: { outcome: "interrupted", lastSequence: sequence } });
    const [, answer] = (await next.conversations().read(MINE, "chat-1")).messages;
    expect(answer).toMatchObject({ text: textOf(events), extra: { finish_reason: null, outcome: "interrupted" } });
    expect(answer?.text).toMatch(/^The first half/);
    // What the first process still does about it changes nothing.
    dead.open();
    expect((await heard(dead.chat.follow(MINE, run.id))).at(-1)).toMatchObject({ run: { outcome: "interrupted" } });
    expect((await next.conversations().read(MINE, "chat-1")).messages[1]).toEqual(answer);
  });
});

describe("two servers on one database", () => {
  it("show each other's runs as they grow, and can stop them", async () => {
    const one = halfway({ server: "test:1" });
    const other = testChat({ folder: one.folder, server: "test:2" });
    const run = await one.chat.begin(MINE, QUESTION);
    await one.reach(run.id);
    const reader = heard(other.chat.follow(MINE, run.id));
    expect((await other.chat.running(MINE, "chat-1"))?.id).toBe(run.id);
    expect(await other.chat.stop(MINE, "chat-1")).toMatchObject([{ id: run.id, outcome: "stopped" }]);
    expect((await reader).at(-1)).toMatchObject({ type: "end", run: { outcome: "stopped" } });
    one.open();
    expect((await heard(one.chat.follow(MINE, run.id))).at(-1)).toMatchObject({ run: { outcome: "stopped" } });
    expect((await one.conversations().read(MINE, "chat-1")).messages[1]?.text).toMatch(/^The first half/);
  });
});

describe("a database that takes no more", () => {
  it("ends the turn, and its readers are told why", async () => {
    const test = halfway();
    const run = await test.chat.begin(MINE, QUESTION);
    await test.reach(run.id);
    const database = test.database.open();
    database.pragma("query_only = ON");
    test.open();
    const reading = heard(test.chat.follow(MINE, run.id));
    await expect(reading).rejects.toMatchObject({ message: expect.stringMatching(/./) });
    expect(test.warnings.join()).toContain("could not be recorded");
    database.pragma("query_only = OFF");
    // What could not be recorded then can be now: the conversation goes on.
    expect(await test.chat.stop(MINE, "chat-1")).toMatchObject([{ id: run.id, outcome: "stopped" }]);
    expect((await heard(test.chat.follow(MINE, run.id))).at(-1)).toMatchObject({ run: { outcome: "stopped" } });
    const next = await test.chat.begin(MINE, call("Two"));
    expect((await heard(test.chat.follow(MINE, next.id))).at(-1)).toMatchObject({ run: { outcome: "done" } });
  });

  it("for the last events only, ends the turn as failed: nobody is told of an end that has lost some", async () => {
    const test = halfway();
    const run = await test.chat.begin(MINE, QUESTION);
    await test.reach(run.id);
    // What SQLite says of an event is no different from what this trigger says.
    const database = test.database.open();
    database.exec("CREATE TRIGGER no_more BEFORE INSERT ON run_events BEGIN SELECT RAISE(ABORT, 'no more'); END");
    test.open();
    const events = await heard(test.chat.follow(MINE, run.id));
    expect(events.at(-1)).toMatchObject({ type: "end", run: { outcome: "failed" } });
  });
});
