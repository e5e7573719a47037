import { afterAll, describe, expect, it } from "vitest";

import { MemwellError } from "../../../lib/errors";
import { answerSoFar } from "../../../lib/runtime/chat/answer";
import type { ChatRuns } from "../../../lib/runtime/chat";
import {
  encodeConversation,
  storedMessage,
  UiStreamEncoder,
  type KeptMessage,
  type TurnMessage,
} from "../../../lib/wire";
import { calculator, EVERYTHING, play, type Script } from "../agent/pipeline/script";
import { call, gate, halfway, heard, MINE, testChat } from "../runtime/chat/support";
import { IDENTITY, messageOf, piecesOf, type TurnEvent } from "./ui-stream-reader";

afterAll(() => calculator.close());

const QUESTION = "How do I work out 3/4 + 1/8?";
const CRASHING: Script = {
  before: ({ role, what }) => {
    if (role === "response" && what === "generate") throw new MemwellError("engine_crashed", "Gone. Ask again.");
  },
};

/** What the AI SDK's reader makes of a run's stream. */
async function streamed(chat: ChatRuns, id: string): Promise<TurnMessage | undefined> {
  const run = await chat.read(MINE, id);
  const encoder = new UiStreamEncoder({ ...run, run: id });
  let frames = encoder.begin();
  for (const event of await heard(chat.follow(MINE, id))) {
    if (event.type === "end") frames += encoder.end(event.run);
    // The script's models wait with a word.
    else if (event.event.type !== "wait") frames += encoder.encode(event.sequence, event.event);
  }
  return (await messageOf(frames)).message;
}

async function shown(chat: ChatRuns): Promise<TurnMessage[]> {
  const tree = await chat.conversations.read(MINE, "chat-1");
  return encodeConversation(tree, await chat.list(MINE, "chat-1"), []).messages;
}

const typesOf = (message: TurnMessage | undefined): string[] => message?.parts.map(({ type }) => type) ?? [];

describe("a message that is shown again is what was streamed", () => {
  it.each<[string, Script, string[]]>([
    ["with everything", EVERYTHING, ["reasoning", "dynamic-tool", "data-step", "data-decision", "data-turn", "text"]],
    ["with a plain answer", {}, ["data-step", "data-turn", "text"]],
    ["without an answer, since its model crashed", CRASHING, ["data-step", "data-error"]],
    ["with a tool that failed", { ...EVERYTHING, chart: "no JSON" }, ["dynamic-tool", "text"]],
    [
      "with a practice question",
      { answer: ["Here is one.\n\nQuestion: What is 1/2 + 1/4?\nA) 3/4\nB) 2/6\nC) 1/8\nD) 1/4\nChoose one."] },
      ["data-practice", "data-turn", "text"],
    ],
    ["cut at the length asked for", { finishReason: "length" }, ["data-turn", "text"]],
  ])("%s", async (_, script, types) => {
    const { chat } = testChat({ script });
    const run = await chat.begin(MINE, call(QUESTION));
    const message = await streamed(chat, run.id);
    expect(typesOf(message)).toEqual(expect.arrayContaining(types));
    expect((await shown(chat)).at(-1)).toEqual(message);
  });

  it("when it was stopped", async () => {
    const test = halfway();
    const run = await test.chat.begin(MINE, call(QUESTION));
    await test.reach(run.id);
    const stopping = test.chat.stop(MINE, "chat-1");
    test.open();
    await stopping;
    const message = await streamed(test.chat, run.id);
    expect(typesOf(message)).not.toContain("data-error");
    expect((await shown(test.chat)).at(-1)).toEqual(message);
  });

  it.each(["closed", "killed"])("when its server was %s in the middle, and says so", async (how) => {
    const first = halfway();
    const run = await first.chat.begin(MINE, call(QUESTION));
    await first.reach(run.id);
    if (how === "closed") {
      const closing = first.chat.close();
      first.open();
      await closing;
    }
    const { chat } = testChat({ folder: first.folder });
    await chat.open();
    const message = await streamed(chat, run.id);
    expect(message?.parts.at(-1)).toMatchObject({ type: "data-error", data: { code: "interrupted" } });
    expect((await shown(chat)).at(-1)).toEqual(message);
    first.open();
  });

  it("wherever its server died", async () => {
    const events = (await play(EVERYTHING, { message: QUESTION })).events.map((event): TurnEvent => {
      return event.type === "wait"
        ? { ...event, wait: { type: "loading", progress: { stage: "model", fraction: 0 } } }
        : event;
    });
    const run = { id: IDENTITY.run, assistantMessage: "a1", beganAt: 5, error: null } as const;
    // With its final event a turn has ended.
    for (const [count] of events.entries()) {
      const { message } = await messageOf(piecesOf(events.slice(0, count), { outcome: "interrupted" }).join(""));
      const kept = { id: "a1", parentId: "u1", role: "assistant" as const, createdAt: 5 };
      const answer = answerSoFar(events.slice(0, count), "interrupted");
      const again = storedMessage({ ...kept, ...answer }, "c1", { ...run, outcome: "interrupted" });
      expect(again.parts).toEqual(message?.parts);
      // A copy of it that no run has written says the same.
      const copy = storedMessage({ ...kept, ...answer, id: "copy" }, "c2");
      expect(typesOf(copy)).toEqual(typesOf(message));
      expect(copy.metadata).toBeUndefined();
    }
  });

  it("with two thoughts around some of the answer", async () => {
    const step = { step: 1, name: "response", detail: null, role: "response" } as const;
    const events: TurnEvent[] = [
      { type: "step-start", ...step },
      { type: "thought", kind: "response", text: "Hm" },
      { type: "text", text: "One " },
      { type: "thought", kind: "response", text: "And" },
      { type: "text", text: "two." },
    ];
    const { message } = await messageOf(piecesOf(events, { outcome: "interrupted" }).join(""));
    const kept: KeptMessage = { id: "a1", parentId: "u1", role: "assistant", createdAt: 5, text: "", extra: null };
    const again = storedMessage({ ...kept, ...answerSoFar(events, "interrupted") }, "c1");
    const contents = (of: TurnMessage | undefined) => of?.parts.map((part) => JSON.stringify(part)).sort();
    expect(contents(again)).toEqual(contents(message));
  });
});

describe("a message whose run could not be recorded", () => {
  it("says why, as its stream did", async () => {
    const error = new MemwellError("disk_full", "The disk is full. Make room.").toRecord();
    const aborted = { code: "aborted", message: "Stopped.", fields: {} } as const;
    const { message } = await messageOf(piecesOf([], { outcome: "failed", error }).join(""));
    const answer = answerSoFar([{ type: "failed", error: aborted, text: "" }], "failed");
    const kept: KeptMessage = { id: "a1", parentId: "u1", role: "assistant", createdAt: 5, ...answer };
    const run = { id: "r1", assistantMessage: "a1", beganAt: 5, outcome: "failed", error } as const;
    expect(storedMessage(kept, "c1", run).parts).toEqual(message?.parts);
    expect(message?.parts.at(-1)).toMatchObject({ type: "data-error", data: { code: "disk_full" } });
  });
});

describe("a message that is being written", () => {
  it("has no parts yet, but the name of its run: its stream brings them", async () => {
    const held = gate();
    const { chat } = testChat({ script: { before: ({ what }) => (what === "generate" ? held.opened : undefined) } });
    const run = await chat.begin(MINE, call(QUESTION));
    const [question, answer] = await shown(chat);
    expect(question).toMatchObject({ role: "user", parts: [{ type: "text", text: QUESTION }] });
    expect(answer).toMatchObject({ id: run.assistantMessage, parts: [], metadata: { run: run.id } });
    held.open();
    await heard(chat.follow(MINE, run.id));
  });
});

describe("what an imported conversation keeps with its answers", () => {
  const plain = [{ type: "step-start" }, { type: "text", text: "Said.", state: "done" }];
  const partsOf = (extra: unknown) =>
    storedMessage({ id: "a1", parentId: null, role: "assistant", text: "Said.", extra, createdAt: 0 }, "c1").parts;
  const chart = { kind: "chart", type: "bar", title: "", x_label: "", y_label: "", context: "", description: "" };
  const right = { step: 1, call: "x-1", tool: "create_graph", input: {}, text: "A chart", display: null, error: null };
  const stepped = { step: 1, name: "rules", detail: null, role: null };
  let deep: unknown = 1;
  for (let depth = 0; depth < 100_000; depth++) deep = [deep];

  it.each<[string, unknown]>([
    ["nothing", null],
    ["a text", "extra"],
    ["a list", [1, 2]],
    ["lists that are none", { thoughts: 1, tools: "x", decisions: {}, steps: null, switches: [1] }],
    ["entries of other kinds", { thoughts: [1, null], tools: [[]], decisions: ["x"], steps: [{}], open_step: [] }],
    ["a thought of a kind that nobody has", { thoughts: [{ step: 1, kind: "__proto__", text: "x" }] }],
    ["a thought that is no text", { thoughts: [{ step: 1, kind: "math", text: { toString: 1 } }] }],
    ["a decision that nobody takes", { decisions: [{ id: "evil", answer: "yes", switches: [] }] }],
    ["a step with a time before its beginning", { steps: [{ ...stepped, duration_ms: -1, outcome: "done" }] }],
    ["an end that no answer has", { finish_reason: "exploded", outcome: "never" }],
    ["an error that nobody knows", { error: { code: "evil", message: "Call this number", fields: {} } }],
    ["a value that is nested a hundred thousand times", { tools: [{ ...right, input: deep }] }],
  ])("%s is left out, and the text stays", (_, extra) => {
    expect(partsOf(extra)).toEqual(plain);
  });

  it.each<[string, unknown]>([
    ["is no chart", { kind: "html", html: "<script>" }],
    ["has more values than labels", { ...chart, labels: ["a"], series: [{ name: "", values: [1, 2] }] }],
    ["has a value that is no number", { ...chart, labels: ["a"], series: [{ name: "", values: ["1"] }] }],
    ["has one label twice", { ...chart, labels: ["a", "a"], series: [{ name: "", values: [1, 2] }] }],
    ["has no series", { ...chart, labels: [], series: [] }],
  ])("a drawing that %s is left out, and the tool's text stays", (_, display) => {
    const [, tool] = partsOf({ tools: [{ ...right, display }] });
    expect(tool).toMatchObject({ type: "dynamic-tool", output: { text: "A chart", display: null } });
  });

  it("is shown where it is right, beside what is not, each name once", () => {
    const tools = [{ ...right, step: "first" }, 7, { ...right, text: "Another" }];
    const decision = { id: "chart", answer: "yes", probability: 0.9, source: "model", reason: null, switches: [] };
    const parts = partsOf({ tools, decisions: [decision, { ...decision, probability: 7 }], unknown: "x" });
    expect(parts.map(({ type }) => type)).toEqual(["step-start", "data-decision", "dynamic-tool", "text"]);
    expect(parts[2]).toMatchObject({ output: { text: "Another" } });
  });

  it("gives a careful reader nothing to refuse", () => {
    const input: unknown = JSON.parse('{"__proto__": {"x": 1}, "constructor": {"y": 2}, "a": 1}');
    const [, tool] = partsOf({ tools: [{ ...right, input }] });
    expect(JSON.stringify(tool)).not.toMatch(/__proto__|constructor/);
    expect(tool).toMatchObject({ input: { a: 1 } });
  });
});
