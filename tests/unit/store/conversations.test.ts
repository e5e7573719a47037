import { describe, expect, it } from "vitest";
import type { ConversationPage, ConversationQuery } from "../../../lib/store";
import { everything, MINE, question, testStores, type TestStores } from "./conversations-stores";

describe("the list of conversations", () => {
  it("is newest first, and a new message brings one to the top", async () => {
    const { conversations, clock } = testStores();
    const ids: string[] = [];
    for (let count = 0; count < 3; count++) {
      clock.now += 1_000;
      ids.push((await conversations.create(MINE)).id);
    }
    const listed = async () => (await conversations.list(MINE)).conversations.map(({ id }) => ids.indexOf(id));
    expect(await listed()).toEqual([2, 1, 0]);
    clock.now += 1_000;
    await conversations.addMessage(MINE, ids[0] ?? "", { parentId: null, role: "user", text: "again" });
    expect(await listed()).toEqual([0, 2, 1]);
    await conversations.rename(MINE, ids[1] ?? "", "Renamed");
    expect(await listed()).toEqual([0, 2, 1]);
  });

  it.each([1, 2, 7, 50])("in pages of %i, has each conversation once, those of one millisecond too", async (limit) => {
    const { conversations, clock } = testStores();
    const ids = [];
    for (let count = 0; count < 15; count++) {
      if (count % 4 === 0) clock.now += 1;
      ids.push((await conversations.create(MINE)).id);
    }
    const seen: string[] = [];
    let page: ConversationPage = { conversations: [], next: null };
    do {
      page = await conversations.list(MINE, { limit, ...(page.next !== null && { after: page.next }) });
      seen.push(...page.conversations.map(({ id }) => id));
    } while (page.next !== null && seen.length < 100);
    expect(seen).toHaveLength(15);
    expect(seen.toSorted()).toEqual(ids.toSorted());
  });

  it.each(["", "nonsense", "W10", "WyJhIiwiYiJd", Buffer.from('["1", 2]').toString("base64url"), "\0"])(
    "refuses %j as the end of a page",
    async (after) => {
      await expect(testStores().conversations.list(MINE, { after })).rejects.toMatchObject({ code: "invalid_request" });
    },
  );

  it.each<[ConversationQuery["limit"], number]>([
    [undefined, 50],
    [NaN, 50],
    [Infinity, 50],
    [-3, 1],
    [0, 1],
    [2.9, 2],
    [1_000, 200],
  ])("of a page of %s has %i", async (limit, size) => {
    const { conversations } = testStores();
    for (let count = 0; count < 205; count++) await conversations.create(MINE);
    const page = await conversations.list(MINE, limit === undefined ? {} : { limit });
    expect(page.conversations).toHaveLength(size);
  });
});

describe("search", () => {
  it.each<[search: string, titles: string[]]>([
    ["fractions", ["Fractions"]],
    ["FRACT", ["Fractions"]],
    ["quarter", ["Fractions"]],
    ["old branch", ["Fractions"]],
    ["50%", ["Percent"]],
    ["%", ["Percent"]],
    ["_", ["snake_case"]],
    ["snake-case", []],
    ["\\", ["C:\\path"]],
    ["c:\\PATH", ["C:\\path"]],
    ["émile", ["ÉMILE"]],
    ["e\u0301mile", ["ÉMILE"]],
    ["emile", []],
    ["ПРИВЕТ", ["привет"]],
    ["σοφοσ", ["ΣΟΦΟΣ ΕΙΜΙ"]],
    ["strasse", ["Straße"]],
    ["'; DROP TABLE messages; --", []],
    ["", ["Fractions", "Percent", "snake_case", "C:\\path", "ÉMILE", "привет", "ΣΟΦΟΣ ΕΙΜΙ", "Straße"]],
  ])("for %j finds %j", async (search, titles) => {
    const { conversations } = testStores();
    const { id } = await conversations.create(MINE, { title: "Fractions" });
    await conversations.addMessage(MINE, id, { parentId: null, role: "user", text: "on the OLD branch" });
    await conversations.addMessage(MINE, id, { parentId: null, role: "user", text: "What is a Quarter?" });
    for (const title of ["Percent", "snake_case", "C:\\path", "ÉMILE", "привет", "ΣΟΦΟΣ ΕΙΜΙ", "Straße"])
      await conversations.create(MINE, { title });
    const percent = (await conversations.list(MINE, { search: "Percent" })).conversations[0]?.id ?? "";
    await conversations.addMessage(MINE, percent, { parentId: null, role: "user", text: "50% of 8" });
    const found = await conversations.list(MINE, { search });
    expect(found.conversations.map(({ title }) => title).toSorted()).toEqual(titles.toSorted());
  });

  it("finds what a message says now, and not what it said before", async () => {
    const stores = testStores();
    const { conversation, assistantMessage } = await question(stores);
    await stores.conversations.fillMessage(MINE, conversation, assistantMessage, { text: "Éclair" });
    await stores.conversations.fillMessage(MINE, conversation, assistantMessage, { text: "Four" });
    const found = async (search: string) => (await stores.conversations.list(MINE, { search })).conversations.length;
    expect([await found("éclair"), await found("four")]).toEqual([0, 1]);
  });
});

describe("removing a conversation", () => {
  it("hides it, and undoing that brings back everything", async () => {
    const stores = testStores();
    const { conversations } = stores;
    const { conversation } = await question(stores);
    const before = await conversations.read(MINE, conversation);
    await conversations.remove(MINE, conversation);
    expect((await conversations.list(MINE)).conversations).toEqual([]);
    await expect(conversations.read(MINE, conversation)).rejects.toMatchObject({ code: "not_found" });
    await expect(conversations.remove(MINE, conversation)).rejects.toMatchObject({ code: "not_found" });
    await conversations.restore(MINE, conversation);
    await conversations.restore(MINE, conversation);
    expect(await conversations.read(MINE, conversation)).toEqual(before);
  });

  it("is for good after a time, with all that belongs to it, and others stay", async () => {
    const stores = testStores();
    const { conversations, runs, feedback, clock } = stores;
    const turn = await question(stores);
    const { id } = await runs.begin(MINE, turn);
    await runs.append(MINE, id, ["a", "b"]);
    await feedback.set(MINE, turn.conversation, turn.assistantMessage, { rating: "like" });
    const kept = await question(stores);
    const others = everything(stores).map((rows) =>
      rows.filter((row) => JSON.stringify(row).includes(kept.conversation)),
    );
    await conversations.remove(MINE, turn.conversation);
    clock.now += 999;
    expect(await conversations.purge(1_000)).toBe(0);
    clock.now += 1;
    expect(await conversations.purge(1_000)).toBe(1);
    expect(await conversations.purge(1_000)).toBe(0);
    expect(everything(stores)).toEqual(others);
    await expect(conversations.restore(MINE, turn.conversation)).rejects.toMatchObject({ code: "not_found" });
  });

  it("goes in batches, the first removed first", async () => {
    const { conversations, clock } = testStores();
    const ids = [];
    for (let count = 0; count < 5; count++) ids.push((await conversations.create(MINE)).id);
    for (const id of ids) {
      clock.now += 1;
      await conversations.remove(MINE, id);
    }
    expect(await conversations.purge(0, 3)).toBe(3);
    await expect(conversations.restore(MINE, ids[2] ?? "")).rejects.toMatchObject({ code: "not_found" });
    await conversations.restore(MINE, ids[3] ?? "");
  });
});

describe("what is too much or wrong is refused, and nothing is lost by it", () => {
  const limits = {
    titleLength: 5,
    messageLength: 10,
    extraLength: 20,
    messagesPerConversation: 3,
    conversationsPerSession: 2,
  };
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const deep: unknown = JSON.parse("[".repeat(50_000) + "]".repeat(50_000));
  type Turn = Awaited<ReturnType<typeof question>>;
  const add = ({ conversations }: TestStores, turn: Turn, change: object) =>
    conversations.addMessage(MINE, turn.conversation, { parentId: null, role: "user", text: "ok", ...change });

  it.each<[string, string, (stores: TestStores, turn: Turn) => Promise<unknown>]>([
    ["a long title", "request_too_large", ({ conversations }) => conversations.create(MINE, { title: "sixsix" })],
    ["a new title that is long", "request_too_large", (s, t) => s.conversations.rename(MINE, t.conversation, "sixsix")],
    ["a title of spaces", "invalid_request", (s, t) => s.conversations.rename(MINE, t.conversation, " \n ")],
    ["a title that is no text", "invalid_request", (s, t) => s.conversations.rename(MINE, t.conversation, 7 as never)],
    ["a long message", "request_too_large", (s, t) => add(s, t, { text: "x".repeat(11) })],
    ["a message that is no text", "invalid_request", (s, t) => add(s, t, { text: null })],
    ["a role nobody has", "invalid_request", (s, t) => add(s, t, { role: "root" })],
    ["a parent that is not there", "not_found", (s, t) => add(s, t, { parentId: "nobody" })],
    ["an id with a quote", "invalid_request", (s, t) => add(s, t, { id: "a'b" })],
    ["an empty id", "invalid_request", (s, t) => add(s, t, { id: "" })],
    ["an id of another message", "invalid_request", (s, t) => add(s, t, { id: t.userMessage })],
    ["a long extra", "request_too_large", (s, t) => add(s, t, { extra: "x".repeat(20) })],
    ["an extra in a circle", "invalid_request", (s, t) => add(s, t, { extra: circle })],
    ["an extra nested deeply", "invalid_request", (s, t) => add(s, t, { extra: deep })],
    ["an extra that is no JSON", "invalid_request", (s, t) => add(s, t, { extra: () => 1 })],
    ["an extra with a BigInt", "invalid_request", (s, t) => add(s, t, { extra: { a: 1n } })],
    [
      "a long answer",
      "request_too_large",
      (s, t) => s.conversations.fillMessage(MINE, t.conversation, t.userMessage, { text: "x".repeat(11) }),
    ],
    [
      "an answer to no message",
      "not_found",
      (s, t) => s.conversations.fillMessage(MINE, t.conversation, "nobody", { text: "" }),
    ],
    ["a branch that is not there", "not_found", (s, t) => s.conversations.switchTo(MINE, t.conversation, "nobody")],
    [
      "a long search",
      "request_too_large",
      ({ conversations }) => conversations.list(MINE, { search: "x".repeat(201) }),
    ],
  ])("%s: %s", async (_, code, call) => {
    const stores = testStores({ limits });
    const turn = await question(stores, MINE, "2 + 2?");
    const before = everything(stores);
    await expect(call(stores, turn)).rejects.toMatchObject({ code, message: expect.stringMatching(/\. [A-Z].*\.$/) });
    expect(everything(stores)).toEqual(before);
  });

  it("a message, or a conversation, too many", async () => {
    const stores = testStores({ limits });
    const turn = await question(stores, MINE, "2 + 2?");
    await add(stores, turn, {});
    await stores.conversations.create(MINE);
    const before = everything(stores);
    await expect(add(stores, turn, {})).rejects.toMatchObject({ code: "request_too_large", fields: { limit: 3 } });
    await expect(stores.conversations.create(MINE)).rejects.toMatchObject({ fields: { limit: 2 } });
    expect(everything(stores)).toEqual(before);
    // One that can be restored takes its place until it is deleted for good: its text is still there.
    await stores.conversations.remove(MINE, turn.conversation);
    await expect(stores.conversations.create(MINE)).rejects.toMatchObject({ fields: { limit: 2 } });
    await stores.conversations.purge(0);
    await stores.conversations.create(MINE);
  });

  it.each(["\0 zero", "\u202e right to left", "<|im_start|>system", "`'\"; --", "\n\t\r", "👩‍👩‍👧"])(
    "a message that says %j is kept as it is",
    async (text) => {
      const { conversations } = testStores();
      const { id } = await conversations.create(MINE, { title: text });
      await conversations.addMessage(MINE, id, { parentId: null, role: "user", text, extra: { text } });
      expect(await conversations.read(MINE, id)).toMatchObject({ title: text, messages: [{ text, extra: { text } }] });
    },
  );
});

describe("a conversation with an id that its page has chosen", () => {
  it("is made at the first call and opened at the next, and is nobody else's", async () => {
    const stores = testStores();
    const { conversations } = stores;
    const made = await conversations.openOrCreate(MINE, "page-1", { title: "First" });
    expect(made).toMatchObject({ id: "page-1", title: "First", messageCount: 0 });
    expect(await conversations.openOrCreate(MINE, "page-1", { title: "Second" })).toEqual(made);
    const before = everything(stores);
    await expect(conversations.openOrCreate("another", "page-1")).rejects.toMatchObject({ code: "not_found" });
    await conversations.remove(MINE, "page-1");
    await expect(conversations.openOrCreate(MINE, "page-1")).rejects.toMatchObject({ code: "not_found" });
    await conversations.restore(MINE, "page-1");
    expect(everything(stores)).toEqual(before);
  });

  it.each(["", "a/b", "x".repeat(65), "\0", "é"])("is refused when the id is %j", async (id) => {
    const opening = testStores().conversations.openOrCreate(MINE, id);
    await expect(opening).rejects.toMatchObject({ code: "invalid_request" });
  });
});
