import { describe, expect, it } from "vitest";
import { everything, MINE, OTHERS, question, testStores, type TestStores } from "./conversations-stores";

interface Place {
  conversation: string;
  message: string;
  run: string;
}
type Call = (stores: TestStores, session: string, place: Place) => Promise<unknown>;

/** Every call that names what a session has, with arguments that are right for the session that has it. */
const CALLS: Record<string, Call> = {
  "conversations.read": ({ conversations }, session, { conversation }) => conversations.read(session, conversation),
  "conversations.path": ({ conversations }, session, { conversation }) => conversations.path(session, conversation),
  "conversations.rename": ({ conversations }, session, { conversation }) =>
    conversations.rename(session, conversation, "Renamed"),
  "conversations.remove": ({ conversations }, session, { conversation }) => conversations.remove(session, conversation),
  "conversations.restore": ({ conversations }, session, { conversation }) =>
    conversations.restore(session, conversation),
  "conversations.addMessage": ({ conversations }, session, { conversation, message }) =>
    conversations.addMessage(session, conversation, { parentId: message, role: "user", text: "And 3?" }),
  "conversations.fillMessage": ({ conversations }, session, { conversation, message }) =>
    conversations.fillMessage(session, conversation, message, { text: "Filled" }),
  "conversations.switchTo": ({ conversations }, session, { conversation, message }) =>
    conversations.switchTo(session, conversation, message),
  "conversations.export": ({ conversations }, session, { conversation }) => conversations.export(session, conversation),
  "runs.begin": ({ runs }, session, { conversation, message }) =>
    runs.begin(session, { conversation, userMessage: message, assistantMessage: message }),
  "runs.read": ({ runs }, session, { run }) => runs.read(session, run),
  "runs.list": ({ runs }, session, { conversation }) => runs.list(session, conversation),
  "runs.append": ({ runs }, session, { run }) => runs.append(session, run, [{ type: "text" }]),
  "runs.events": ({ runs }, session, { run }) => runs.events(session, run),
  "runs.finish": ({ runs }, session, { run }) => runs.finish(session, run, "done"),
  "feedback.set": ({ feedback }, session, { conversation, message }) =>
    feedback.set(session, conversation, message, { rating: "like" }),
  "feedback.remove": ({ feedback }, session, { conversation, message }) =>
    feedback.remove(session, conversation, message),
  "feedback.list": ({ feedback }, session, { conversation }) => feedback.list(session, conversation),
};

/** Those that make or list what is the session's own, with a test each below. */
const OWN = [
  "conversations.create",
  "conversations.openOrCreate",
  "conversations.list",
  "conversations.import",
  "runs.own",
];
/** Those a server does for everybody; they answer no texts. */
const SERVERS = ["conversations.purge", "runs.start", "runs.heartbeat", "runs.reap", "runs.trim"];

async function place(stores: TestStores, { isAnswered = false } = {}): Promise<Place> {
  const turn = await question(stores);
  if (isAnswered) return { conversation: turn.conversation, message: turn.assistantMessage, run: "none" };
  const { id } = await stores.runs.begin(MINE, turn);
  await stores.runs.append(MINE, id, [{ type: "text", text: "4" }]);
  return { conversation: turn.conversation, message: turn.assistantMessage, run: id };
}

describe("a session", () => {
  it("is checked by every method there is: this list has them all", () => {
    const { conversations, runs, feedback } = testStores();
    const methods = Object.entries({ conversations, runs, feedback }).flatMap(([name, store]) =>
      Object.getOwnPropertyNames(Object.getPrototypeOf(store))
        .filter((method) => method !== "constructor")
        .map((method) => `${name}.${method}`),
    );
    expect(methods.sort()).toEqual([...Object.keys(CALLS), ...OWN, ...SERVERS].sort());
  });

  it.each(Object.entries(CALLS))("%s works for whose it is", async (name, call) => {
    const stores = testStores();
    await call(stores, MINE, await place(stores, { isAnswered: name === "runs.begin" }));
  });

  it.each(Object.entries(CALLS))("%s: another's looks like not there, and is left as it was", async (_, call) => {
    const stores = testStores();
    const mine = await place(stores);
    await question(stores, OTHERS);
    const before = everything(stores);
    const nowhere = { conversation: "none", message: "none", run: "none" };
    const thrown = await call(stores, OTHERS, mine).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ code: "not_found" });
    expect(thrown).toEqual(await call(stores, OTHERS, nowhere).catch((error: unknown) => error));
    expect(everything(stores)).toEqual(before);
  });

  it.each(Object.entries(CALLS))("%s refuses a session without a name", async (_, call) => {
    const stores = testStores();
    const mine = await place(stores);
    const before = everything(stores);
    for (const session of ["", "s".repeat(201), undefined as never])
      await expect(call(stores, session, mine)).rejects.toMatchObject({ code: "invalid_request" });
    expect(everything(stores)).toEqual(before);
  });

  it("lists and finds its own conversations only, and adds to its own", async () => {
    const stores = testStores();
    const { conversation } = await question(stores, MINE, "a secret");
    const made = await stores.conversations.create(OTHERS);
    const imported = await stores.conversations.import(OTHERS, await stores.conversations.export(MINE, conversation));
    expect((await stores.conversations.list(MINE)).conversations.map(({ id }) => id)).toEqual([conversation]);
    expect((await stores.conversations.list(OTHERS)).conversations.map(({ id }) => id).sort()).toEqual(
      [made.id, imported.id].sort(),
    );
    await stores.conversations.remove(OTHERS, imported.id);
    expect((await stores.conversations.list(OTHERS, { search: "secret" })).conversations).toEqual([]);
    await expect(stores.conversations.openOrCreate(OTHERS, conversation)).rejects.toMatchObject({ code: "not_found" });
    for (const call of [
      stores.conversations.create(""),
      stores.conversations.openOrCreate("", conversation),
      stores.conversations.list(""),
      stores.conversations.import("", await stores.conversations.export(MINE, conversation)),
    ])
      await expect(call).rejects.toMatchObject({ code: "invalid_request" });
  });

  it("is told which runs are its own: not another's, nor those of a conversation it has removed", async () => {
    const stores = testStores();
    const { runs, conversations } = stores;
    const [mine, removed] = [await place(stores), await place(stores)];
    const others = (await runs.begin(OTHERS, await question(stores, OTHERS))).id;
    const all = ["none", mine.run, others, removed.run];
    await conversations.remove(MINE, removed.conversation);
    expect(await runs.own(MINE, all)).toEqual([mine.run]);
    expect(await runs.own(OTHERS, all)).toEqual([others]);
    expect(await runs.own("session-new", all)).toEqual([]);
    expect(await runs.own(MINE, [])).toEqual([]);
    const many = Array.from({ length: 10_000 }, (_, index) => `run-${index}`);
    expect(await runs.own(MINE, [...many, mine.run])).toEqual([mine.run]);
    await expect(runs.own("", all)).rejects.toMatchObject({ code: "invalid_request" });
  });

  it("cannot use another conversation's messages in its own", async () => {
    const stores = testStores();
    const mine = await question(stores);
    const others = await question(stores, OTHERS);
    const before = everything(stores);
    const message = { parentId: others.userMessage, role: "user" as const, text: "" };
    const { conversation } = mine;
    for (const call of [
      () => stores.conversations.addMessage(MINE, conversation, message),
      () => stores.conversations.switchTo(MINE, conversation, others.userMessage),
      () => stores.conversations.path(MINE, conversation, { to: others.userMessage }),
      () => stores.conversations.fillMessage(MINE, conversation, others.userMessage, { text: "" }),
      () => stores.runs.begin(MINE, { ...others, conversation }),
      () => stores.feedback.set(MINE, conversation, others.userMessage, { rating: "like" }),
    ])
      await expect(call()).rejects.toMatchObject({ code: "not_found" });
    expect(everything(stores)).toEqual(before);
  });
});
