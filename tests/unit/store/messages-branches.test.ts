import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MINE, testStores } from "./conversations-stores";

/** What a conversation is, in memory: which child of each message (null: which first message) was looked at last. */
class Model {
  readonly parents: (number | null)[] = [];
  readonly chosen = new Map<number | null, number>();

  add(parent: number | null): void {
    this.switchTo(this.parents.push(parent) - 1);
  }

  switchTo(message: number): void {
    for (const step of this.pathTo(message)) this.chosen.set(this.parents[step] ?? null, step);
  }

  pathTo(message: number): number[] {
    const parent = this.parents[message] ?? null;
    return parent === null ? [message] : [...this.pathTo(parent), message];
  }

  get path(): number[] {
    const path: number[] = [];
    for (let next = this.chosen.get(null); next !== undefined; next = this.chosen.get(next)) path.push(next);
    return path;
  }
}

/** `at` picks among what there is then; 0 of an addition is a new first message. */
const step = fc.record({ kind: fc.constantFrom("add", "add", "switch"), at: fc.nat(30) });

describe("the branches of a conversation", () => {
  it("are those of a simple model, whatever is added and looked at, and the same again after export and import", async () => {
    const { conversations } = testStores();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const { id } = await conversations.create(MINE);
        const model = new Model();
        const ids: string[] = [];
        for (const { kind, at } of steps) {
          if (kind === "add") {
            const parent = at % (ids.length + 1) === 0 ? null : (at % (ids.length + 1)) - 1;
            const parentId = parent === null ? null : (ids[parent] ?? null);
            const text = String(ids.length);
            ids.push((await conversations.addMessage(MINE, id, { parentId, role: "user", text })).id);
            model.add(parent);
          } else if (ids.length > 0) {
            const message = at % ids.length;
            await conversations.switchTo(MINE, id, ids[message] ?? "");
            model.switchTo(message);
          }
          const path = model.path.map((message) => ids[message]);
          expect((await conversations.path(MINE, id)).map((message) => message.id)).toEqual(path);
        }
        const tree = await conversations.read(MINE, id);
        expect(tree.messages.map(({ parentId }) => parentId)).toEqual(
          model.parents.map((parent) => (parent === null ? null : ids[parent])),
        );
        expect(tree.activeLeaf).toBe(ids[model.path.at(-1) ?? -1] ?? null);
        expect(tree.messageCount).toBe(ids.length);
        for (const [message, to] of ids.entries())
          expect((await conversations.path(MINE, id, { to })).map(({ text }) => Number(text))).toEqual(
            model.pathTo(message),
          );

        const copy = await conversations.import(MINE, JSON.parse(JSON.stringify(await conversations.export(MINE, id))));
        expect((await conversations.path(MINE, copy.id)).map(({ text }) => Number(text))).toEqual(model.path);
        const copied = await conversations.read(MINE, copy.id);
        const textOf = new Map(copied.messages.map((message) => [message.id, Number(message.text)]));
        expect(copied.messages.map(({ parentId }) => textOf.get(parentId ?? "") ?? null)).toEqual(model.parents);
        expect(copied.messages.filter((message) => ids.includes(message.id))).toEqual([]);
        await conversations.remove(MINE, id);
        await conversations.remove(MINE, copy.id);
        await conversations.purge(0);
      }),
      { numRuns: 60 },
    );
  }, 30_000);

  it("goes on where it was left when one comes back to it", async () => {
    const { conversations } = testStores();
    const { id } = await conversations.create(MINE);
    const add = async (parentId: string | null, text: string) =>
      (await conversations.addMessage(MINE, id, { parentId, role: "user", text })).id;
    const first = await add(null, "1");
    const old = await add(first, "1a");
    await add(old, "1a-a");
    const middle = await add(old, "1a-b");
    await add(middle, "1a-b-a");
    await conversations.switchTo(MINE, id, middle);
    await add(first, "1b");
    const shown = async () => (await conversations.path(MINE, id)).map(({ text }) => text);
    expect(await shown()).toEqual(["1", "1b"]);
    await conversations.switchTo(MINE, id, old);
    expect(await shown()).toEqual(["1", "1a", "1a-b", "1a-b-a"]);
  });

  it("a message that is sent again after a lost answer is there once", async () => {
    const { conversations } = testStores();
    const { id } = await conversations.create(MINE);
    const message = { id: "client-1", parentId: null, role: "user" as const, text: "Hello" };
    const first = await conversations.addMessage(MINE, id, message);
    expect(await conversations.addMessage(MINE, id, message)).toEqual(first);
    expect((await conversations.read(MINE, id)).messages).toEqual([first]);
    await expect(conversations.addMessage(MINE, id, { ...message, text: "Other" })).rejects.toMatchObject({
      code: "invalid_request",
    });
  });

  it("a thousand messages deep, still is one branch", async () => {
    const { conversations } = testStores();
    const messages = Array.from({ length: 1_000 }, (_, index) => ({
      id: `m${index}`,
      parent_id: index === 0 ? null : `m${index - 1}`,
      role: "user",
      text: `${index}`,
      created_at: 0,
    }));
    const { id } = await conversations.import(MINE, {
      format: "memwell.conversation",
      version: 1,
      title: "",
      created_at: 0,
      active: null,
      messages,
    });
    const path = await conversations.path(MINE, id);
    const parentId = path.at(-1)?.id ?? null;
    await conversations.addMessage(MINE, id, { parentId, role: "user", text: "1000" });
    expect((await conversations.path(MINE, id)).map(({ text }) => Number(text))).toEqual(
      Array.from({ length: 1_001 }, (_, index) => index),
    );
  });
});
