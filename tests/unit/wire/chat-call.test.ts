import { DefaultChatTransport } from "ai";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";

import { MemwellError } from "../../../lib/errors";
import { parseChatCall, type ChatCall } from "../../../lib/wire/chat-call";
import { TestChat } from "./ui-stream-reader";

const user = { id: "u2", role: "user", parts: [{ type: "text", text: "Why?" }] };
const body = { id: "c1", messages: [user] };
const call: ChatCall = {
  conversation: "c1",
  message: { id: "u2", text: "Why?" },
  parent: null,
  regenerate: false,
  settings: {},
};

function refusal(given: unknown): MemwellError {
  try {
    parseChatCall(given);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(MemwellError);
    return thrown as MemwellError;
  }
  throw new Error("the call was accepted");
}

describe("a call that Memwell answers", () => {
  const before = { id: "a1", role: "assistant", parts: "whatever" };
  const cases: [string, unknown, Partial<ChatCall>][] = [
    ["the first message", body, {}],
    ["a later message", { ...body, messages: [null, before, user] }, { parent: "a1" }],
    ["nulls for what is not asked for", { ...body, trigger: null, messageId: null, seed: null, anything: null }, {}],
    ["a message sent", { ...body, trigger: "submit-message" }, {}],
    ["another answer wanted", { ...body, trigger: "regenerate-message", messageId: "a2" }, { regenerate: true }],
    [
      "a message that was changed: it becomes another one",
      { ...body, trigger: "submit-message", messageId: "u2" },
      { message: { id: undefined, text: "Why?" } },
    ],
    ["a plain text", { id: "c1", message: "Why?" }, { message: { id: undefined, text: "Why?" }, parent: undefined }],
    ["a message alone", { id: "c1", message: user }, { parent: undefined }],
    ["a message alone after a named one", { id: "c1", message: user, parentId: "a9" }, { parent: "a9" }],
    ["a message alone as the first", { id: "c1", message: user, parentId: null }, { parent: null }],
    [
      "another answer to a plain text",
      { id: "c1", message: user, trigger: "regenerate-message" },
      { parent: undefined, regenerate: true },
    ],
    [
      "several texts, and what a page keeps with a message",
      {
        ...body,
        messages: [
          {
            role: "user",
            id: null,
            metadata: { any: [1] },
            parts: [
              { type: "text", text: "a", state: "done", providerMetadata: {} },
              { type: "text", text: "b" },
            ],
          },
        ],
      },
      { message: { id: undefined, text: "a\nb" } },
    ],
    [
      "all settings",
      { ...body, temperature: 0, top_p: 0.5, seed: -1, max_tokens: 10, max_thought_tokens: 0 },
      {
        settings: {
          sampling: { temperature: 0, topP: 0.5, seed: 4_294_967_294 },
          maxTokens: 10,
          maxThoughtTokens: 0,
        },
      },
    ],
    [
      "a system prompt of the visitor's own",
      { ...body, instructions: "Answer in rhymes." },
      { settings: { instructions: "Answer in rhymes." } },
    ],
    ["a domain", { ...body, domain: "business" }, { settings: { domain: "business" } }],
    ["ten thousand messages", { ...body, messages: [...Array<unknown>(9_998), before, user] }, { parent: "a1" }],
  ];
  test.each(cases)("%s", (_, given, expected) => expect(parseChatCall(given)).toEqual({ ...call, ...expected }));
});

describe("a call that is refused by name", () => {
  const part = (given: unknown) => ({ ...body, messages: [{ ...user, parts: [user.parts[0], given] }] });
  const cases: [string, unknown, string][] = [
    ["no object", "hello", "the body"],
    ["a list", [], "the body"],
    ["null", null, "the body"],
    ["nothing", {}, "id"],
    ["no conversation", { messages: [user] }, "id"],
    ["a conversation elsewhere", { ...body, id: "../c1" }, "id"],
    ["a conversation with a line break", { ...body, id: "c1\n" }, "id"],
    ["a conversation of 65 letters", { ...body, id: "c".repeat(65) }, "id"],
    ["a conversation that is a list", { ...body, id: ["c1"] }, "id"],
    ["no message", { id: "c1" }, "messages"],
    ["no messages", { ...body, messages: [] }, "messages"],
    ["messages that are none", { ...body, messages: { length: 1, 0: user } }, "messages"],
    ["10,001 messages", { ...body, messages: Array(10_001).fill(user) }, "messages"],
    ["both forms", { ...body, message: user }, "message"],
    ["a parent beside messages", { ...body, parentId: "a1" }, "parentId"],
    ["a parent that is no id", { id: "c1", message: user, parentId: "a 1" }, "parentId"],
    ["a parent that is a number", { id: "c1", message: user, parentId: 1 }, "parentId"],
    ["an answer last", { ...body, messages: [user, { id: "a1", role: "assistant", parts: [] }] }, "messages[1].role"],
    ["instructions last", { ...body, messages: [{ ...user, role: "system" }] }, "messages[0].role"],
    ["a message that is none", { ...body, messages: [[]] }, "messages[0]"],
    ["a message alone that is none", { id: "c1", message: 5 }, "message"],
    ["no text", { ...body, messages: [{ ...user, parts: [] }] }, "messages[0].parts"],
    ["parts that are a text", { ...body, messages: [{ ...user, parts: "Why?" }] }, "messages[0].parts"],
    ["1,001 parts", { ...body, messages: [{ ...user, parts: Array(1_001).fill(user.parts[0]) }] }, "messages[0].parts"],
    ["a part that is a text", part("Why?"), "messages[0].parts[1]"],
    ["a part of no type", part({ text: "Why?" }), "messages[0].parts[1].type"],
    ["a text part without a text", part({ type: "text" }), "messages[0].parts[1].text"],
    ["an id that is none", { ...body, messages: [{ ...user, id: "" }] }, "messages[0].id"],
    ["nothing before the last", { ...body, messages: [null, user] }, "messages[0]"],
    ["no id before the last", { ...body, messages: [{ role: "assistant" }, user] }, "messages[0].id"],
    ["a system prompt that is none", { ...body, instructions: "" }, "instructions"],
    ["a system prompt that is a list", { ...body, instructions: ["Rhyme."] }, "instructions"],
    ["a system prompt as long as a book", { ...body, instructions: "x".repeat(8_001) }, "instructions"],
    ["another trigger", { ...body, trigger: "resume-stream" }, "trigger"],
    ["a trigger that is a list", { ...body, trigger: ["submit-message"] }, "trigger"],
    ["a changed message that is not the last", { ...body, messageId: "u1" }, "messageId"],
    ["a changed message that is no id", { ...body, messageId: {} }, "messageId"],
    ["no id of another answer", { ...body, trigger: "regenerate-message", messageId: "a/1" }, "messageId"],
    ["too hot", { ...body, temperature: 2.1 }, "temperature"],
    ["a share above one", { ...body, top_p: 1.1 }, "top_p"],
    ["half a seed", { ...body, seed: 0.5 }, "seed"],
    ["no tokens", { ...body, max_tokens: 0 }, "max_tokens"],
    ["tokens in words", { ...body, max_tokens: "10" }, "max_tokens"],
    ["a domain without a name", { ...body, domain: "" }, "domain"],
    ["a domain that is no text", { ...body, domain: ["business"] }, "domain"],
    ["less than no thought", { ...body, max_thought_tokens: -1 }, "max_thought_tokens"],
    ["too much thought", { ...body, max_thought_tokens: 10_000_001 }, "max_thought_tokens"],
  ];
  test.each(cases)("%s", (_, given, parameter) => {
    const { code, fields } = refusal(given);
    expect(code).toBe("invalid_request");
    expect(fields.parameter).toBe(parameter);
  });

  const unsupported: [string, unknown, string][] = [
    ["a file", part({ type: "file", mediaType: "image/png", url: "data:" }), "messages[0].parts[1].type"],
    ["a part of the page's own", part({ type: "data-note", data: 1 }), "messages[0].parts[1].type"],
    ["a field of a part", part({ type: "text", text: "Why?", cache: true }), "messages[0].parts[1].cache"],
    ["a message's content", { ...body, messages: [{ ...user, content: "Why?" }] }, "messages[0].content"],
    ["a field of the body", { ...body, model: "x" }, "model"],
    ["tools", { id: "c1", message: "Why?", tools: [] }, "tools"],
    ["a prototype", JSON.parse('{"id":"c1","message":"Why?","__proto__":{"messages":[]}}'), "__proto__"],
    ["a constructor", { ...body, constructor: { prototype: {} } }, "constructor"],
    ["a method's name", { ...body, toString: "x" }, "toString"],
  ];
  test.each(unsupported)("%s, which Memwell does not do", (_, given, parameter) => {
    const { code, fields } = refusal(given);
    expect(code).toBe("unsupported_parameter");
    expect(fields.parameter).toBe(parameter);
  });

  it("however deep it is nested, and with a message of few words", () => {
    const depth = 50_000;
    const deep = JSON.parse(`${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`) as unknown;
    for (const given of [
      deep,
      { ...body, id: deep },
      { ...body, messages: [deep] },
      part(deep),
      { id: "c1", message: deep },
    ])
      expect(refusal(given).message.length).toBeLessThan(500);
    expect(refusal({ ...body, id: "x".repeat(1_000_000) }).message.length).toBeLessThan(500);
    expect(refusal({ ...body, ["x".repeat(1_000_000)]: 1 }).message.length).toBeLessThan(500);
  });

  it("whatever JSON it is: never another error", () => {
    const names = ["id", "messages", "message", "parentId", "trigger", "messageId", "seed", "role", "parts", "type"];
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<unknown>(null, 1, "", "c1", "user", "text", "submit-message"),
        fc.array(tie("any"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...names), tie("any")),
      ),
    }));
    fc.assert(
      fc.property(value.any, (given) => {
        try {
          const { conversation } = parseChatCall(given);
          expect(conversation).toBe("c1");
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(MemwellError);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("what the AI SDK's chat sends", () => {
  /** The bodies that a chat has sent, and an answer to each. */
  function openChat(): { chat: TestChat; calls: ChatCall[] } {
    const calls: ChatCall[] = [];
    const fetch: typeof globalThis.fetch = async (_, init) => {
      calls.push(parseChatCall(JSON.parse(String(init?.body)) as unknown));
      const messageId = `answer-${calls.length}`;
      return new Response(`data: ${JSON.stringify({ type: "start", messageId })}\n\ndata: [DONE]\n\n`);
    };
    const chat = new TestChat(new DefaultChatTransport({ fetch, body: { max_tokens: 5 } }));
    return { chat, calls };
  }

  it("is read: two messages, another answer to the second, the first one changed", async () => {
    const { chat, calls } = openChat();
    await chat.sendMessage({ text: "one" });
    await chat.sendMessage({ text: "two" });
    await chat.regenerate();
    const [first, , second] = chat.messages;
    await chat.sendMessage({ text: "other", messageId: first?.id ?? "" });
    const settings = { maxTokens: 5 };
    const conversation = "c1";
    expect(calls).toEqual([
      { conversation, message: { id: first?.id, text: "one" }, parent: null, regenerate: false, settings },
      { conversation, message: { id: second?.id, text: "two" }, parent: "answer-1", regenerate: false, settings },
      { conversation, message: { id: second?.id, text: "two" }, parent: "answer-1", regenerate: true, settings },
      { conversation, message: { id: undefined, text: "other" }, parent: null, regenerate: false, settings },
    ]);
  });
});
