import { DefaultChatTransport, readUIMessageStream } from "ai";
import { beforeAll, describe, expect, it } from "vitest";
import type { ConversationBody, ConversationEntry, ConversationListBody, TurnMessage } from "../../lib/wire";
import { slowModels } from "./slow-models";
import { LONG, SHORT, SmallServer, visitorFetch } from "./visitor";

const server = new SmallServer();

/** A browser of one visitor: keeps the cookie it is given. */
function visitor() {
  const ask = visitorFetch(() => server.now.address);
  const send = (method: string, route: string, body: unknown) =>
    ask(route, { method, body: JSON.stringify(body), headers: { "content-type": "application/json" } });
  const get = async <Body>(route: string): Promise<Body> => (await (await ask(route)).json()) as Body;
  const turn = async (id: string, messages: TurnMessage[], more: object = {}): Promise<TurnMessage> => {
    const transport = new DefaultChatTransport<TurnMessage>({
      api: `${server.now.address}/api/chat`,
      fetch: ask,
      body: SHORT,
    });
    const call = { chatId: id, messageId: undefined, abortSignal: undefined, messages } as const;
    const stream = await transport.sendMessages({ trigger: "submit-message", ...call, ...more });
    let last: TurnMessage | undefined;
    for await (const message of readUIMessageStream<TurnMessage>({ stream })) last = message;
    if (last === undefined) throw new Error("The stream ended without a message");
    return last;
  };
  return { ask, send, get, turn };
}

type Visitor = ReturnType<typeof visitor>;

const asked = (text: string, id: string): TurnMessage => ({ id, role: "user", parts: [{ type: "text", text }] });
const read = (from: Visitor, id: string) => from.get<ConversationBody>(`/api/conversations/${id}`);
const list = async (from: Visitor, query = "") =>
  (await from.get<ConversationListBody>(`/api/conversations${query}`)).conversations;
const idsOf = (conversations: { id: string }[]): string[] => conversations.map(({ id }) => id);

describe("a visitor's conversations", () => {
  it("stand in a list, newest first, and are found by what was said in them and by their names", async () => {
    const one = visitor();
    const first = await one.ask("/api/conversations");
    expect(first.headers.get("cache-control")).toBe("no-store");
    expect(await first.json()).toEqual({ conversations: [], next: null });
    await one.turn("list-1", [asked("What is a fraction?", "q1")]);
    await one.turn("list-2", [asked("What is a decimal?", "q1")]);
    const conversations = await list(one);
    expect(conversations.map(({ id, title, message_count }) => [id, title, message_count])).toEqual([
      ["list-2", "What is a decimal?", 2],
      ["list-1", "What is a fraction?", 2],
    ]);
    expect(idsOf(await list(one, "?search=FRACTION"))).toEqual(["list-1"]);

    const page = await one.get<ConversationListBody>("/api/conversations?limit=1");
    expect(idsOf(page.conversations)).toEqual(["list-2"]);
    expect(idsOf(await list(one, `?limit=1&after=${page.next}`))).toEqual(["list-1"]);

    const renamed = await one.send("PATCH", "/api/conversations/list-2", { title: "  Numbers with a point " });
    expect(await renamed.json()).toMatchObject({ id: "list-2", title: "Numbers with a point" });
    expect(idsOf(await list(one, "?search=a point"))).toEqual(["list-2"]);
  });

  it("are read back as they were streamed", async () => {
    const one = visitor();
    const question = asked("What is 3/4 + 1/8?", "q1");
    const answer = await one.turn("read-1", [question]);
    const second = await one.turn("read-1", [question, answer, asked("And 1/2?", "q2")]);
    const conversation = await read(one, "read-1");
    expect(answer.parts.map(({ type }) => type)).toEqual(expect.arrayContaining(["reasoning", "dynamic-tool", "text"]));
    expect(conversation.messages).toEqual([question, answer, asked("And 1/2?", "q2"), second]);
    expect(conversation.run).toBeNull();
    expect(conversation.details.map(({ siblings, feedback }) => [siblings, feedback])).toEqual(
      conversation.messages.map(({ id }) => [[id], null]),
    );
  });

  it("are nobody else's, whatever is asked", async () => {
    const [owner, stranger] = [visitor(), visitor()];
    const answer = await owner.turn("own-1", [asked("What is a fraction?", "q1")]);
    expect(await list(stranger)).toEqual([]);
    const message = `/api/conversations/own-1/messages/${answer.id}/feedback`;
    for (const [method, route, body] of [
      ["GET", "/api/conversations/own-1", undefined],
      ["GET", "/api/conversations/own-1/export", undefined],
      ["GET", "/api/conversations/own-1/export?format=markdown", undefined],
      ["PATCH", "/api/conversations/own-1", { title: "Mine" }],
      ["PATCH", "/api/conversations/own-1", { active: answer.id }],
      ["DELETE", "/api/conversations/own-1", undefined],
      ["POST", "/api/conversations/own-1/restore", undefined],
      ["PUT", message, { rating: "dislike" }],
      ["DELETE", message, undefined],
    ] as const) {
      const response = await stranger.send(method, route, body);
      expect({ route, status: response.status, body: await response.json() }).toMatchObject({
        status: 404,
        body: { error: { code: "not_found" } },
      });
    }
    expect(await read(owner, "own-1")).toMatchObject({
      title: "What is a fraction?",
      details: [{}, { feedback: null }],
    });
  });
});

describe("an answer that is given again", () => {
  it("stands beside the first, and its visitor switches between them and says what he thinks of each", async () => {
    const one = visitor();
    const question = asked("What is a fraction?", "q1");
    const first = await one.turn("branch-1", [question]);
    const second = await one.turn("branch-1", [question, first], {
      trigger: "regenerate-message",
      messageId: first.id,
      messages: [question],
    });
    const both = [first.id, second.id];
    expect((await read(one, "branch-1")).details[1]).toMatchObject({ id: second.id, siblings: both });

    const switched = await one.send("PATCH", "/api/conversations/branch-1", { active: first.id });
    const shown = (await switched.json()) as ConversationBody;
    expect(shown.messages).toEqual([question, first]);
    expect(await read(one, "branch-1")).toEqual(shown);

    const route = `/api/conversations/branch-1/messages/${first.id}/feedback`;
    const said = await one.send("PUT", route, { rating: "dislike", comment: "Too short" });
    expect(await said.json()).toMatchObject({ rating: "dislike", comment: "Too short" });
    await one.send("PUT", route, { rating: "like" });
    const [, details] = (await read(one, "branch-1")).details;
    expect(details?.feedback).toMatchObject({ rating: "like", comment: "" });
    expect(await (await one.ask(route, { method: "DELETE" })).json()).toEqual({ removed: true });
    expect(await (await one.ask(route, { method: "DELETE" })).json()).toEqual({ removed: false });
    expect((await read(one, "branch-1")).details[1]?.feedback).toBeNull();
  });
});

describe("a conversation that is deleted", () => {
  it("is gone from the list, and comes back as it was", async () => {
    const one = visitor();
    await one.turn("gone-1", [asked("What is a fraction?", "q1")]);
    const before = await read(one, "gone-1");
    const removed = await one.ask("/api/conversations/gone-1", { method: "DELETE" });
    expect(await removed.json()).toEqual({ id: "gone-1", removed: true });
    expect(await list(one)).toEqual([]);
    expect((await one.ask("/api/conversations/gone-1")).status).toBe(404);
    expect((await one.send("POST", "/api/conversations/gone-1/restore", undefined)).status).toBe(200);
    expect(await read(one, "gone-1")).toEqual(before);
  });

  it("while an answer is written stops it, and what was said is there again", async () => {
    const one = visitor();
    slowModels(server.now);
    const begun = await one.send("POST", "/api/chat", { id: "gone-2", message: asked("Hello?", "q1"), ...LONG });
    const reader = begun.body!.getReader();
    await reader.read();
    const writing = await read(one, "gone-2");
    expect(writing.run).toEqual(expect.any(String));
    expect(writing.messages[1]).toMatchObject({ parts: [], metadata: { run: writing.run } });
    expect((await one.ask("/api/conversations/gone-2", { method: "DELETE" })).status).toBe(200);
    await reader.cancel();
    await one.send("POST", "/api/conversations/gone-2/restore", undefined);
    const again = await read(one, "gone-2");
    expect(again.run).toBeNull();
    expect(again.messages[1]?.parts.some(({ type }) => type === "data-step")).toBe(true);
  });
});

describe("a server that is killed in the middle of an answer", () => {
  it("leaves the conversation with what was said, marked as interrupted", async () => {
    const one = visitor();
    slowModels(server.now);
    const begun = await one.send("POST", "/api/chat", { id: "kill-1", message: asked("Hello?", "q1"), ...LONG });
    const decoder = new TextDecoder();
    for await (const chunk of begun.body!) if (decoder.decode(chunk).includes('"text-delta"')) break;
    await server.killAndStartAgain();

    const { messages, run } = await read(one, "kill-1");
    expect(run).toBeNull();
    expect(messages[1]?.parts.some((part) => part.type === "text" && part.text !== "")).toBe(true);
    expect(messages[1]?.parts.at(-1)).toMatchObject({ type: "data-error", data: { code: "interrupted" } });
  });
});

describe("an export", () => {
  it("as JSON is another conversation when it is imported, by whomever", async () => {
    const [one, other] = [visitor(), visitor()];
    const question = asked("What is 3/4 + 1/8?", "q1");
    const answer = await one.turn("export-1", [question]);
    await one.turn("export-1", [question], { trigger: "regenerate-message" });
    const file = await one.ask("/api/conversations/export-1/export");
    expect(file.headers.get("content-disposition")).toContain('attachment; filename="What is 3 4 + 1 8.json"');
    expect(file.headers.get("cache-control")).toBe("no-store");
    const exported = (await file.json()) as { messages: object[] };
    expect(exported.messages).toHaveLength(3);

    const imported = await other.send("POST", "/api/conversations/import", exported);
    expect(imported.status).toBe(201);
    const { id, title } = (await imported.json()) as ConversationEntry;
    expect(title).toBe("What is 3/4 + 1/8?");
    const [, copy] = (await read(other, id)).details;
    expect(copy?.siblings).toHaveLength(2);
    const body = (await (
      await other.send("PATCH", `/api/conversations/${id}`, { active: copy?.siblings[0] })
    ).json()) as ConversationBody;
    const own = new RegExp(`^${body.messages[1]?.id}-`);
    const named = body.messages[1]?.parts.map((part) =>
      part.type === "dynamic-tool"
        ? { ...part, toolCallId: part.toolCallId.replace(own, `${answer.metadata?.run}-`) }
        : part,
    );
    expect(named).toEqual(answer.parts);
  });

  it("as Markdown has what was said, and nothing of what was thought", async () => {
    const one = visitor();
    const answer = await one.turn("export-2", [asked("What is 3/4 + 1/8?", "q1")]);
    const file = await one.ask("/api/conversations/export-2/export?format=markdown");
    expect(file.headers.get("content-type")).toBe("text/markdown; charset=utf-8");
    expect(file.headers.get("content-disposition")).toContain('.md"');
    const markdown = await file.text();
    expect(markdown).toMatch(/^# What is 3\/4 \+ 1\/8\?\n\n## User, \d{4}-\d\d-\d\d .* UTC\n\nWhat is 3\/4/);
    expect(markdown).toMatch(/## Assistant, .* UTC\n\n- calculator: .*7\/8/);
    for (const part of answer.parts) {
      if (part.type === "text") expect(markdown).toContain(part.text);
      if (part.type === "reasoning") expect(markdown).not.toContain(part.text);
    }
  });
});

describe("what cannot be asked of conversations", () => {
  const exported = { format: "memwell.conversation", version: 1, title: "", created_at: 0, active: null, messages: [] };
  const message = { id: "a", parent_id: null, role: "user", text: "Hi", created_at: 0 };
  const CONVERSATION = "/api/conversations/bad-1";
  const OPINION = `${CONVERSATION}/messages/q1/feedback`;
  let owner: Visitor;
  beforeAll(async () => {
    owner = visitor();
    await owner.turn("bad-1", [asked("What is a fraction?", "q1")]);
  });

  it.each<[string, string, string, unknown, number, string]>([
    ["an id that is a path", "GET", "/api/conversations/..%2Fx", undefined, 400, "invalid_request"],
    ["an id of 65 letters", "GET", `/api/conversations/${"x".repeat(65)}`, undefined, 400, "invalid_request"],
    ["a conversation that is not there", "GET", "/api/conversations/nobody", undefined, 404, "not_found"],
    ["a page of a million", "GET", "/api/conversations?limit=1000000", undefined, 400, "invalid_request"],
    ["a cursor that is none", "GET", "/api/conversations?after=%00", undefined, 400, "invalid_request"],
    [
      "a search of 9,000 letters",
      "GET",
      `/api/conversations?search=${"x".repeat(9000)}`,
      undefined,
      400,
      "invalid_request",
    ],
    ["an empty title", "PATCH", CONVERSATION, { title: " \n " }, 400, "invalid_request"],
    ["a title of a megabyte", "PATCH", CONVERSATION, { title: "x".repeat(2 ** 20) }, 413, "request_too_large"],
    ["a title of 201 letters", "PATCH", CONVERSATION, { title: "x".repeat(201) }, 413, "request_too_large"],
    ["a title that is an object", "PATCH", CONVERSATION, { title: {} }, 400, "invalid_request"],
    ["a change of nothing", "PATCH", CONVERSATION, {}, 400, "invalid_request"],
    ["another owner", "PATCH", CONVERSATION, { title: "x", session: "y" }, 400, "unsupported_parameter"],
    ["a branch that is not there", "PATCH", CONVERSATION, { active: "nobody" }, 404, "not_found"],
    ["an export as PDF", "GET", `${CONVERSATION}/export?format=pdf`, undefined, 400, "invalid_request"],
    ["a rating of stars", "PUT", OPINION, { rating: 5 }, 400, "invalid_request"],
    ["a long comment", "PUT", OPINION, { rating: "like", comment: "x".repeat(4001) }, 413, "request_too_large"],
    ["an opinion of nothing", "PUT", `${CONVERSATION}/messages/nobody/feedback`, { rating: "like" }, 404, "not_found"],
    ["an import of nothing", "POST", "/api/conversations/import", null, 400, "invalid_request"],
    [
      "an import of another format",
      "POST",
      "/api/conversations/import",
      { ...exported, format: "x" },
      400,
      "invalid_request",
    ],
    [
      "an import whose message answers itself",
      "POST",
      "/api/conversations/import",
      { ...exported, messages: [{ ...message, parent_id: "a" }] },
      400,
      "invalid_request",
    ],
    [
      "an import of 25 MiB",
      "POST",
      "/api/conversations/import",
      { ...exported, title: "x".repeat(25 * 2 ** 20) },
      413,
      "request_too_large",
    ],
    ["a list that is replaced", "PUT", "/api/conversations", {}, 404, "not_found"],
  ])("%s is refused by name", async (_, method, route, body, status, code) => {
    const response = await owner.send(method, route, body);
    expect({ status: response.status, body: await response.json() }).toMatchObject({
      status,
      body: { error: { code } },
    });
    expect(await list(owner)).toMatchObject([{ id: "bad-1", title: "What is a fraction?" }]);
  });

  it("by a page of another site is refused, to read as to write", async () => {
    const headers = { "sec-fetch-site": "cross-site", origin: "https://evil.test", "content-type": "text/plain" };
    for (const [method, route] of [
      ["GET", "/api/conversations"],
      ["DELETE", CONVERSATION],
      ["POST", "/api/conversations/import"],
    ] as const) {
      const response = await owner.ask(route, { method, headers, ...(method === "POST" && { body: "{}" }) });
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ error: { code: "cross_site" } });
    }
  });

  it("imported answers that hold anything are shown as far as they are right", async () => {
    const extra = {
      tools: [{ call: "x", tool: "evil", text: "Hi", display: { kind: "html" } }],
      steps: [{}],
      error: "x",
    };
    const messages = [message, { ...message, id: "b", parent_id: "a", role: "assistant", extra }];
    const imported = await owner.send("POST", "/api/conversations/import", { ...exported, title: "Odd", messages });
    const { id } = (await imported.json()) as ConversationEntry;
    const body = await read(owner, id);
    expect(body.messages[1]?.parts).toMatchObject([
      { type: "step-start" },
      { type: "dynamic-tool", output: { text: "Hi", display: null } },
      { type: "text", text: "Hi" },
    ]);
    await owner.ask(`/api/conversations/${id}`, { method: "DELETE" });
  });
});
