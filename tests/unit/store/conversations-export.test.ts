import { describe, expect, it } from "vitest";
import { everything, MINE, question, testStores } from "./conversations-stores";

type Change = (file: File) => unknown;
interface File extends Record<string, unknown> {
  messages: Record<string, unknown>[];
}

async function exportedFile(stores: ReturnType<typeof testStores>): Promise<File> {
  const { conversation, userMessage } = await question(stores);
  const { conversations } = stores;
  await conversations.addMessage(MINE, conversation, {
    parentId: userMessage,
    role: "assistant",
    text: "Four",
    extra: { chart: [1, 2] },
  });
  return JSON.parse(JSON.stringify(await conversations.export(MINE, conversation)));
}

describe("an exported conversation", () => {
  it("is imported as it was, under new ids, on top of the list", async () => {
    const stores = testStores();
    const file = await exportedFile(stores);
    stores.clock.now += 5_000;
    const { id, updatedAt } = await stores.conversations.import(MINE, file);
    expect(updatedAt).toBe(stores.clock.now);
    const again: File = JSON.parse(JSON.stringify(await stores.conversations.export(MINE, id)));
    const ids = new Map(file.messages.map((message, index) => [message.id, again.messages[index]?.id]));
    expect([...ids].filter(([old, renewed]) => old === renewed)).toEqual([]);
    expect(again).toEqual({
      ...file,
      updated_at: updatedAt,
      active: ids.get(file.active),
      messages: file.messages.map((message) => ({
        ...message,
        id: ids.get(message.id),
        parent_id: message.parent_id === null ? null : ids.get(message.parent_id),
      })),
    });
  });

  it("without messages is one too", async () => {
    const { conversations } = testStores();
    const { id } = await conversations.create(MINE, { title: "Empty" });
    const copy = await conversations.import(MINE, await conversations.export(MINE, id));
    expect(await conversations.read(MINE, copy.id)).toMatchObject({ title: "Empty", messages: [], activeLeaf: null });
  });

  it.each<[string, string, Change]>([
    ["nothing", "invalid_request", () => undefined],
    ["a text", "invalid_request", () => "{}"],
    ["a list", "invalid_request", () => []],
    ["another format", "invalid_request", (file) => ({ ...file, format: "chat" })],
    ["a newer version", "invalid_request", (file) => ({ ...file, version: 2 })],
    ["no title", "invalid_request", ({ title: _, ...file }) => file],
    ["a long title", "request_too_large", (file) => ({ ...file, title: "x".repeat(21) })],
    ["no time", "invalid_request", (file) => ({ ...file, created_at: null })],
    ["a time without end", "invalid_request", (file) => ({ ...file, created_at: 1e300 })],
    ["messages that are none", "invalid_request", (file) => ({ ...file, messages: { length: 2 } })],
    ["a message that is null", "invalid_request", (file) => ({ ...file, messages: [null] })],
    ["too many messages", "request_too_large", (file) => ({ ...file, messages: Array(9).fill(null) })],
    ["a message without text", "invalid_request", (file) => (delete file.messages[0]?.text, file)],
    ["a long message", "request_too_large", (file) => change(file, 1, { text: "x".repeat(41) })],
    ["too much text in all", "request_too_large", (file) => change(change(file, 0, { text: LONG }), 1, { text: LONG })],
    ["a role nobody has", "invalid_request", (file) => change(file, 0, { role: "root" })],
    ["an id that is a number", "invalid_request", (file) => change(file, 0, { id: 1 })],
    ["the same id twice", "invalid_request", (file) => change(file, 1, { id: file.messages[0]?.id })],
    ["a message below itself", "invalid_request", (file) => change(file, 0, { parent_id: file.messages[0]?.id })],
    ["messages below each other", "invalid_request", (file) => change(file, 0, { parent_id: file.messages[1]?.id })],
    ["a parent that is not there", "invalid_request", (file) => change(file, 1, { parent_id: "nobody" })],
    ["an active message that is not there", "invalid_request", (file) => ({ ...file, active: "nobody" })],
    ["a large extra", "request_too_large", (file) => change(file, 0, { extra: "x".repeat(60) })],
    ["a deep extra", "invalid_request", (file) => change(file, 0, { extra: JSON.parse(DEEP) })],
  ])("with %s is refused (%s), and nothing of it stays", async (_, code, spoil) => {
    const limits = {
      titleLength: 20,
      messageLength: 40,
      extraLength: 50,
      messagesPerConversation: 8,
      importLength: 70,
    };
    const stores = testStores({ limits });
    const file = await exportedFile(stores);
    await stores.conversations.import(MINE, file);
    const before = everything(stores);
    const refused = stores.conversations.import(MINE, spoil(file));
    await expect(refused).rejects.toMatchObject({ code, message: expect.stringMatching(/\. [A-Z].*\.$/) });
    expect(everything(stores)).toEqual(before);
  });

  it("from the future, or with names of its own, changes nothing else", async () => {
    const stores = testStores();
    const file = await exportedFile(stores);
    const hostile: unknown = JSON.parse(
      JSON.stringify({ ...file, created_at: 8e15, session_id: "session-others", id: "mine" }).replace(
        '"chart"',
        '"__proto__"',
      ),
    );
    const { id, createdAt } = await stores.conversations.import(MINE, hostile);
    expect(createdAt).toBe(stores.clock.now);
    expect(id).not.toBe("mine");
    expect(Object.keys({})).toEqual([]);
    await stores.conversations.read(MINE, id);
  });
});

const LONG = "x".repeat(40);
const DEEP = "[".repeat(50_000) + "]".repeat(50_000);

function change(file: File, index: number, changes: Record<string, unknown>): File {
  return {
    ...file,
    messages: file.messages.map((message, at) => (at === index ? { ...message, ...changes } : message)),
  };
}
