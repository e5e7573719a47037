import { describe, expect, it } from "vitest";
import type { ChatCall } from "../../../../lib/runtime/chat";
import { storedDomain } from "../../../../lib/runtime/chat/domain";
import { call, halfway, heard, MINE, testChat, type TestChat } from "./support";

const domains = ["education", "business"];

/** Asks, reads to the end, and says in which domain the agent was asked. */
async function ask(test: TestChat, text: string, more: Partial<ChatCall> = {}): Promise<string | undefined> {
  await heard(test.chat.follow(MINE, (await test.chat.begin(MINE, call(text, more))).id));
  return test.requests.at(-1)?.domain;
}

/** The first message, to be answered again. */
async function again(test: TestChat): Promise<Partial<ChatCall>> {
  const [question] = (await test.conversations().read(MINE, "chat-1")).messages;
  return { message: { id: question?.id, text: question?.text ?? "" }, regenerate: true };
}

describe("a conversation", () => {
  it("stays in its domain until it is told otherwise", async () => {
    const test = testChat({ domains });
    expect(await ask(test, "One")).toBeUndefined();
    expect(await ask(test, "Two", { settings: { domain: "business" } })).toBe("business");
    expect(await ask(test, "Go on.")).toBe("business");
    expect(await ask(test, "Four", { settings: { domain: "education" } })).toBe("education");
    expect(await ask(test, "Five", { settings: { domain: "none" } })).toBeUndefined();
    expect(await ask(test, "Six")).toBeUndefined();
    const { messages } = await test.conversations().read(MINE, "chat-1");
    const kept = messages.flatMap(({ role, extra }) =>
      role === "assistant" ? [(extra as { domain?: string }).domain ?? null] : [],
    );
    expect(kept).toEqual([null, "business", "business", "education", null, null]);
  });

  it("gives an answer once more in the domain of the newest there is, or in another one", async () => {
    const test = testChat({ domains });
    await ask(test, "One", { settings: { domain: "business" } });
    expect(await ask(test, "", await again(test))).toBe("business");
    expect(await ask(test, "", { ...(await again(test)), settings: { domain: "education" } })).toBe("education");
    expect(await ask(test, "", await again(test))).toBe("education");
  });

  it("has its domain chosen from each message, which is kept with the answer", async () => {
    const script = { answers: { domain: "business", chart: "no" } };
    const test = testChat({ domains, script });
    const auto = { settings: { domain: "auto" } };
    expect(await ask(test, "What is a margin?", auto)).toBeUndefined();
    expect(test.requests.at(-1)?.domains).toEqual(domains);
    script.answers.domain = "general";
    await ask(test, "why?", auto);
    expect(test.requests.at(-1)?.history).toMatchObject([{ domain: "business" }]);
    await ask(test, "What is a fraction?", auto);
    await ask(test, "why?", auto);
    expect(test.requests.at(-1)?.history.map(({ domain }) => domain)).toEqual(["business", "business", null]);
    const { messages } = await test.conversations().read(MINE, "chat-1");
    const kept = messages.flatMap(({ role, extra }) => (role === "assistant" ? [storedDomain(extra) ?? null] : []));
    expect(kept).toEqual(["business", "business", null, null]);
  });

  it("stays in a domain that was chosen where nothing more is asked for", async () => {
    const test = testChat({ domains, script: { answers: { domain: "business" } } });
    await ask(test, "What is a margin?", { settings: { domain: "auto" } });
    expect(await ask(test, "What is a plot?")).toBe("business");
    expect(test.requests.at(-1)?.domains).toBeUndefined();
  });

  it("has none to choose where there are none", async () => {
    const test = testChat();
    expect(await ask(test, "What is a margin?", { settings: { domain: "auto" } })).toBeUndefined();
    const [, answer] = (await test.conversations().read(MINE, "chat-1")).messages;
    expect(storedDomain(answer?.extra)).toBeUndefined();
  });

  it("forgets a domain that is no longer there", async () => {
    const before = testChat({ domains });
    await ask(before, "One", { settings: { domain: "business" } });
    await before.chat.close();
    const after = testChat({ folder: before.folder, domains: ["education"] });
    expect(await ask(after, "Go on.")).toBeUndefined();
  });

  it("goes on in its domain after its server died in the middle of an answer", async () => {
    const dead = halfway({ domains });
    const run = await dead.chat.begin(MINE, call("One", { settings: { domain: "business" } }));
    await dead.reach(run.id);
    const next = testChat({ folder: dead.folder, domains });
    expect(await ask(next, "Go on.")).toBe("business");
    dead.open();
  });

  it("is refused a domain that nobody knows, before anything is kept", async () => {
    const test = testChat({ domains });
    const asked = test.chat.begin(MINE, call("One", { settings: { domain: "law" } }));
    await expect(asked).rejects.toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining("education, business"),
      fields: { parameter: "domain", domain: "law", known: domains },
    });
    await expect(test.conversations().read(MINE, "chat-1")).rejects.toMatchObject({ code: "not_found" });
    const nowhere = testChat().chat.begin(MINE, call("One", { settings: { domain: "law" } }));
    await expect(nowhere).rejects.toMatchObject({ message: expect.stringContaining("MEMWELL_DOMAINS") });
  });
});
