import { describe, expect, it } from "vitest";
import type { FollowedEvent } from "../../../../lib/runtime/chat";
import { call, gate, halfway, heard, MINE, OTHERS, testChat, textOf, type TestChat } from "./support";

const ANSWER = ["A fraction ", "is a part ", "of a whole."];

/** A chat whose answer stops at the given call of the response model until `open` is called. */
function heldChat() {
  const held = gate();
  const reached = gate();
  const test = testChat({
    script: {
      before: async ({ role, what }) => {
        if (role !== "response" || what !== "generate") return;
        reached.open();
        await held.opened;
      },
    },
  });
  return { ...test, open: held.open, reached: reached.opened };
}

async function asked(test: TestChat, text = "What is a fraction?", more = {}) {
  const run = await test.chat.begin(MINE, call(text, more));
  return { run, events: await heard(test.chat.follow(MINE, run.id)) };
}

describe("a turn of a conversation", () => {
  it("is recorded event by event, and its answer stands in the conversation", async () => {
    const test = testChat({ script: { answers: { teaching: "guiding" } } });
    const { run, events } = await asked(test, "Why is 3/4 + 1/8 not 4/12?");
    expect(textOf(events)).toBe(ANSWER.join(""));
    expect(events.at(-1)).toMatchObject({ type: "end", run: { id: run.id, outcome: "done" } });
    const sequences = events.flatMap((event) => (event.type === "event" ? [event.sequence] : []));
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
    const tree = await test.conversations().read(MINE, "chat-1");
    expect(tree.title).toBe("Why is 3/4 + 1/8 not 4/12?");
    expect(tree.messages.map(({ role, text }) => [role, text])).toEqual([
      ["user", "Why is 3/4 + 1/8 not 4/12?"],
      ["assistant", ANSWER.join("")],
    ]);
    const { extra } = tree.messages[1] ?? {};
    expect(extra).toMatchObject({ finish_reason: "stop", error: null, switches: expect.any(Array) });
    expect(extra).toHaveProperty("thoughts.0.text", "Key term: denominator.");
    expect(extra).toHaveProperty("tools.0", {
      step: expect.any(Number),
      call: "calculator-1",
      tool: "calculator",
      input: { expression: "3/4 + 1/8" },
      text: expect.stringContaining("7/8"),
      display: expect.objectContaining({ kind: "calculation" }),
      error: null,
    });
    const steps = events.flatMap((event) => (event.type === "event" && event.event.type === "step-end" ? [1] : []));
    expect(extra).toHaveProperty("steps.length", steps.length);
  });

  it("goes on when its reader leaves", async () => {
    const test = heldChat();
    const run = await test.chat.begin(MINE, call("What is a fraction?"));
    for await (const event of test.chat.follow(MINE, run.id)) if (event.type === "event") break;
    test.open();
    expect((await heard(test.chat.follow(MINE, run.id))).at(-1)).toMatchObject({ run: { outcome: "done" } });
  });

  it("reads what was said before, each question as it was sent", async () => {
    const test = testChat();
    await asked(test);
    await asked(test, "And a decimal?");
    const [turn, ...rest] = test.requests[1]?.history ?? [];
    expect(rest).toEqual([]);
    expect(turn).toMatchObject({ message: "What is a fraction?", answer: ANSWER.join("") });
    expect(turn?.sent).toContain("What is a fraction?");
  });

  it("takes settings, and keeps the message as the agent reads it", async () => {
    const test = testChat();
    await asked(test, " What\u0007 is a fraction?\r\n", { settings: { maxTokens: 7, sampling: { seed: 3 } } });
    expect(test.requests[0]).toMatchObject({ message: "What is a fraction?", maxTokens: 7, sampling: { seed: 3 } });
  });
});

describe("a reader", () => {
  it("that comes back at any number hears the same events, each once", async () => {
    const test = testChat({ script: { answers: { teaching: "both", practice: "yes" } } });
    const { run, events } = await asked(test, "Explain 2 + 2 step by step");
    const { lastSequence } = (events.at(-1) as Extract<FollowedEvent, { type: "end" }>).run;
    expect(lastSequence).toBe(events.length - 1);
    for (let after = 0; after <= lastSequence; after++)
      expect(await heard(test.chat.follow(MINE, run.id, { after }))).toEqual(events.slice(after));
  });

  it("that comes back while the turn goes on hears the rest as it comes", async () => {
    const test = heldChat();
    const run = await test.chat.begin(MINE, call("What is 1/2 + 1/4?"));
    const first = heard(test.chat.follow(MINE, run.id));
    await test.reached;
    const so = await test.chat.read(MINE, run.id);
    const later = [0, 1, so.lastSequence - 1, so.lastSequence].map((after) => ({
      after,
      events: heard(test.chat.follow(MINE, run.id, { after })),
    }));
    test.open();
    const all = await first;
    for (const { after, events } of later) expect(await events).toEqual(all.slice(after));
  });

  it("that leaves hears no more, and is not waited for", async () => {
    const test = heldChat();
    const run = await test.chat.begin(MINE, call("What is a fraction?"));
    const leave = new AbortController();
    const events = heard(test.chat.follow(MINE, run.id, { signal: leave.signal }));
    await test.reached;
    leave.abort();
    expect((await events).some(({ type }) => type === "end")).toBe(false);
    test.open();
  });

  it("of another session finds nothing, whatever it asks for", async () => {
    const test = testChat();
    const { run } = await asked(test);
    const nothing = { code: "not_found" };
    await expect(heard(test.chat.follow(OTHERS, run.id))).rejects.toMatchObject(nothing);
    await expect(test.chat.read(OTHERS, run.id)).rejects.toMatchObject(nothing);
    await expect(test.chat.running(OTHERS, "chat-1")).rejects.toMatchObject(nothing);
    await expect(test.chat.stop(OTHERS, "chat-1")).rejects.toMatchObject(nothing);
    await expect(test.chat.begin(OTHERS, call("Hello"))).rejects.toMatchObject(nothing);
  });
});

describe("a message that is sent again", () => {
  it("is not asked twice, not even at the same time", async () => {
    const test = heldChat();
    const again = call("What is a fraction?", { message: { id: "m1", text: "What is a fraction?" }, parent: null });
    const runs = await Promise.all([1, 2, 3].map(() => test.chat.begin(MINE, again)));
    expect(new Set(runs.map(({ id }) => id)).size).toBe(1);
    test.open();
    await heard(test.chat.follow(MINE, runs[0]?.id ?? ""));
    expect((await test.chat.begin(MINE, again)).id).toBe(runs[0]?.id);
    expect(test.requests).toHaveLength(1);
  });

  it("with another text is refused", async () => {
    const test = testChat();
    await asked(test, "One", { message: { id: "m1", text: "One" } });
    const same = call("", { message: { id: "m1", text: "Another" } });
    await expect(test.chat.begin(MINE, same)).rejects.toMatchObject({ code: "invalid_request" });
    await test.conversations().addMessage(MINE, "chat-1", { id: "m2", parentId: null, role: "user", text: "Two" });
    const changed = call("", { message: { id: "m2", text: "Three" }, parent: null });
    await expect(test.chat.begin(MINE, changed)).rejects.toMatchObject({ code: "invalid_request" });
  });
});

describe("an answer that is written anew", () => {
  it("stands beside the first one, and is the one that is shown", async () => {
    const test = testChat();
    const { run } = await asked(test, "One", { message: { id: "m1", text: "One" } });
    const { run: second } = await asked(test, "One", { message: { id: "m1", text: "One" }, regenerate: true });
    expect(second).toMatchObject({ userMessage: run.userMessage });
    expect(second.assistantMessage).not.toBe(run.assistantMessage);
    const tree = await test.conversations().read(MINE, "chat-1");
    expect(tree.activeLeaf).toBe(second.assistantMessage);
    expect(test.requests[1]?.history).toEqual([]);
  });

  it("to a message that is not there is refused", async () => {
    const test = testChat();
    await asked(test);
    const missing = call("One", { message: { id: "nobody", text: "One" }, regenerate: true });
    await expect(test.chat.begin(MINE, missing)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("a question while the answer before it is being written", () => {
  it("is refused by name; a branch beside it is not", async () => {
    const test = heldChat();
    const run = await test.chat.begin(MINE, call("One"));
    const next = test.chat.begin(MINE, call("Two"));
    await expect(next).rejects.toMatchObject({ code: "conflict", fields: { run: run.id } });
    const beside = await test.chat.begin(MINE, call("Three", { parent: null }));
    expect((await test.chat.running(MINE, "chat-1"))?.id).toBe(beside.id);
    test.open();
    await heard(test.chat.follow(MINE, run.id));
    await heard(test.chat.follow(MINE, beside.id));
    expect(await test.chat.running(MINE, "chat-1")).toBeNull();
  });

  it("is refused for the ninth answer of one visitor, and not for another visitor", async () => {
    const test = heldChat();
    for (let count = 1; count <= 8; count++)
      await test.chat.begin(MINE, call("One", { conversation: `chat-${count}` }));
    const ninth = test.chat.begin(MINE, call("One", { conversation: "chat-9" }));
    await expect(ninth).rejects.toMatchObject({ code: "queue_full", fields: { limit: 8 } });
    await test.chat.begin(OTHERS, call("One", { conversation: "chat-10" }));
    const kept = async () => (await test.conversations().read(MINE, "chat-9")).messages;
    expect(await kept()).toEqual([]);
    test.open();
    for (let count = 1; count <= 8; count++) {
      const [run] = await test.chat.list(MINE, `chat-${count}`);
      await heard(test.chat.follow(MINE, run?.id ?? ""));
    }
    const again = call("One", { conversation: "chat-9", message: { id: "m1", text: "One" } });
    expect(await test.chat.begin(MINE, again)).toMatchObject({ userMessage: "m1" });
  });

  it("brings a system prompt of its own only where the owner allows it", async () => {
    const rhyming = call("What is a fraction?", { settings: { instructions: "Answer in rhymes." } });
    const denied = testChat();
    await expect(denied.chat.begin(MINE, rhyming)).rejects.toMatchObject({
      code: "admin_only",
      fields: { parameter: "instructions" },
    });
    await expect(denied.chat.running(MINE, "chat-1")).rejects.toMatchObject({ code: "not_found" });
    const allowed = testChat({ allowsSystemPrompt: true });
    const run = await allowed.chat.begin(MINE, rhyming);
    await heard(allowed.chat.follow(MINE, run.id));
    expect(allowed.requests).toMatchObject([{ instructions: "Answer in rhymes." }]);
  });

  it("is refused for the ninth of thirty that are asked at once", async () => {
    const test = heldChat();
    const begun = await Promise.allSettled(
      Array.from({ length: 30 }, (_, index) => test.chat.begin(MINE, call("One", { conversation: `chat-${index}` }))),
    );
    expect(begun.filter(({ status }) => status === "fulfilled")).toHaveLength(8);
    test.open();
  });
});

describe("a run that is stopped", () => {
  it("keeps what was said, and the next turn knows it", async () => {
    const test = halfway();
    const run = await test.chat.begin(MINE, call("What is a fraction?"));
    await test.reach(run.id);
    const stopping = test.chat.stop(MINE, "chat-1");
    test.open();
    expect(await stopping).toMatchObject([{ id: run.id, outcome: "stopped", error: null }]);
    expect(await test.chat.stop(MINE, "chat-1")).toEqual([]);
    const [, answer] = (await test.conversations().read(MINE, "chat-1")).messages;
    expect(answer?.text).toMatch(/^The first half\.(?! The second)/);
    await asked(test, "Go on");
    expect(test.requests[1]?.history).toMatchObject([{ message: "What is a fraction?", answer: answer?.text }]);
  });

  it("before its answer began has none, and is no part of the history", async () => {
    const test = heldChat();
    const run = await test.chat.begin(MINE, call("One"));
    await test.reached;
    const stopping = test.chat.stop(MINE, "chat-1");
    test.open();
    expect(await stopping).toMatchObject([{ id: run.id, outcome: "stopped", error: null }]);
    await asked(test, "Two");
    expect(test.requests[1]?.history).toEqual([]);
  });

  it("can be one of several in a conversation", async () => {
    const test = heldChat();
    const one = await test.chat.begin(MINE, call("One"));
    const two = await test.chat.begin(MINE, call("Two", { parent: null }));
    const stopping = test.chat.stop(MINE, "chat-1", one.id);
    test.open();
    expect((await stopping).map(({ id }) => id)).toEqual([one.id]);
    expect((await heard(test.chat.follow(MINE, two.id))).at(-1)).toMatchObject({ run: { outcome: "done" } });
  });
});

describe("a conversation that is removed", () => {
  it("is stopped first, with what was said, and can be brought back", async () => {
    const test = halfway();
    const run = await test.chat.begin(MINE, call("What is a fraction?"));
    await test.reach(run.id);
    const removing = test.chat.remove(MINE, "chat-1");
    const next = test.chat.begin(MINE, call("Another", { parent: null }));
    test.open();
    await removing;
    // It was asked before the removal was done, and did not begin in between.
    await expect(next).rejects.toMatchObject({ code: "not_found" });
    expect(test.requests).toHaveLength(1);
    await expect(test.chat.conversations.read(MINE, "chat-1")).rejects.toMatchObject({ code: "not_found" });
    await test.chat.conversations.restore(MINE, "chat-1");
    const [, answer] = (await test.chat.conversations.read(MINE, "chat-1")).messages;
    expect(answer).toMatchObject({ extra: { outcome: "stopped" }, text: expect.stringMatching(/^The first half/) });
    expect(await test.chat.list(MINE, "chat-1")).toMatchObject([{ id: run.id, outcome: "stopped" }]);
  });

  it("is its owner's only to remove", async () => {
    const test = heldChat();
    const run = await test.chat.begin(MINE, call("One"));
    await test.reached;
    await expect(test.chat.remove(OTHERS, "chat-1")).rejects.toMatchObject({ code: "not_found" });
    await expect(test.chat.list(OTHERS, "chat-1")).rejects.toMatchObject({ code: "not_found" });
    expect((await test.chat.running(MINE, "chat-1"))?.id).toBe(run.id);
    test.open();
  });
});

describe("an opinion of an answer", () => {
  it("is kept with it", async () => {
    const test = testChat();
    const { run } = await asked(test);
    await test.chat.feedback.set(MINE, "chat-1", run.assistantMessage, { rating: "like" });
    expect(await test.chat.feedback.list(MINE, "chat-1")).toMatchObject([{ message: run.assistantMessage }]);
  });
});

describe("what cannot be asked", () => {
  it.each([
    ["an empty message", "", "invalid_request"],
    ["only blanks", " \n\t\u200B", "invalid_request"],
    ["a megabyte", "x".repeat(2 ** 20), "request_too_large"],
  ])("%s is refused, and leaves no conversation behind", async (_, text, code) => {
    const test = testChat();
    await expect(test.chat.begin(MINE, call(text))).rejects.toMatchObject({ code });
    expect((await test.conversations().list(MINE)).conversations).toEqual([]);
  });

  it.each([
    ["a parent that is not there", { parent: "nobody" }, "not_found"],
    ["an id of a conversation with odd characters", { conversation: "a/b" }, "invalid_request"],
    ["an id of a message with odd characters", { message: { id: "a b", text: "One" } }, "invalid_request"],
  ])("%s is refused", async (_, more, code) => {
    const test = testChat();
    await expect(test.chat.begin(MINE, call("One", more))).rejects.toMatchObject({ code });
    expect(test.requests).toEqual([]);
  });
});
