import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { MemwellError } from "../../../lib/errors";
import { parseChatCompletionRequest } from "../../../lib/wire";

const messages = [{ role: "user", content: "Hello" }];

function refusal(body: unknown): MemwellError {
  try {
    parseChatCompletionRequest(body);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(MemwellError);
    return thrown as MemwellError;
  }
  throw new Error("the request was accepted");
}

describe("a request that Memwell answers", () => {
  test("needs only a model and a message", () => {
    expect(parseChatCompletionRequest({ model: "memwell", messages })).toEqual({
      model: "memwell",
      stream: false,
      includeUsage: false,
      generate: { prompt: { messages } },
    });
  });

  test("carries every sampling parameter to the engine", () => {
    const call = parseChatCompletionRequest({
      model: "m",
      messages,
      stream: true,
      stream_options: { include_usage: true },
      temperature: 0.7,
      top_p: 0.9,
      top_k: 40,
      min_p: 0.05,
      repeat_penalty: 1.1,
      frequency_penalty: -0.5,
      presence_penalty: 0.5,
      seed: 7,
      max_tokens: 10,
      max_completion_tokens: 20,
      stop: "END",
      n: 1,
      user: "someone",
      metadata: { a: "b" },
      store: false,
      logprobs: false,
    });
    expect(call.stream).toBe(true);
    expect(call.includeUsage).toBe(true);
    expect(call.generate.sampling).toEqual({
      temperature: 0.7,
      topP: 0.9,
      topK: 40,
      minP: 0.05,
      repeatPenalty: 1.1,
      frequencyPenalty: -0.5,
      presencePenalty: 0.5,
      seed: 7,
    });
    expect(call.generate.maxTokens).toBe(20);
    expect(call.generate.stop).toEqual(["END"]);
  });

  test("has developer messages read as system, parts joined and thinking kept", () => {
    const call = parseChatCompletionRequest({
      model: "m",
      messages: [
        { role: "developer", content: "Be brief." },
        {
          role: "user",
          content: [
            { type: "text", text: "one" },
            { type: "text", text: "two" },
          ],
        },
        { role: "assistant", content: null, reasoning_content: "hm", refusal: null, tool_calls: null },
        { role: "user", content: "" },
      ],
    });
    expect(call.generate.prompt).toEqual({
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "one\ntwo" },
        { role: "assistant", content: "", thought: "hm" },
        { role: "user", content: "" },
      ],
    });
  });

  test("may carry nulls, as Python clients send them for what they do not use", () => {
    const call = parseChatCompletionRequest({
      model: "m",
      messages,
      temperature: null,
      tools: null,
      stop: null,
      seed: null,
    });
    expect(call.generate).toEqual({ prompt: { messages } });
  });

  test("names the domain of memwell, and of no other model", () => {
    expect(parseChatCompletionRequest({ model: "memwell", messages, domain: "business" }).domain).toBe("business");
    expect(parseChatCompletionRequest({ model: "memwell", messages, domain: null })).not.toHaveProperty("domain");
    const refused = () => parseChatCompletionRequest({ model: "m", messages, domain: "business" });
    expect(refused).toThrow(/domain.*only together with the model memwell/);
  });

  test("maps any whole seed to llama.cpp's 32 bits, never to the value that means random", () => {
    const seedOf = (seed: number) => parseChatCompletionRequest({ model: "m", messages, seed }).generate.sampling?.seed;
    expect(seedOf(-1)).toBe(4294967294);
    expect(seedOf(4294967295)).toBe(0);
  });

  test("asks for JSON with a schema, or for any object", () => {
    const schemaOf = (response_format: unknown) =>
      parseChatCompletionRequest({ model: "m", messages, response_format }).generate.jsonSchema;
    expect(schemaOf({ type: "text" })).toBeUndefined();
    expect(schemaOf({ type: "json_object" })).toEqual({ type: "object", additionalProperties: true });
    const schema = {
      type: "object",
      properties: { age: { type: "integer" } },
      required: ["age"],
      additionalProperties: false,
    };
    expect(schemaOf({ type: "json_schema", json_schema: { name: "person", strict: true, schema } })).toEqual({
      type: "object",
      properties: { age: { type: "integer" } },
      additionalProperties: false,
    });
  });
});

describe("what Memwell does not do is refused by name", () => {
  const cases: [string, Record<string, unknown>][] = [
    ["tools", { tools: [] }],
    ["tool_choice", { tool_choice: "auto" }],
    ["logit_bias", { logit_bias: {} }],
    ["logprobs", { logprobs: true }],
    ["n", { n: 2 }],
    ["audio", { audio: {} }],
    ["modalities", { modalities: ["text"] }],
    ["store", { store: true }],
    ["anything_new", { anything_new: 1 }],
    ["messages[0].role", { messages: [{ role: "tool", content: "x", tool_call_id: "1" }] }],
    ["messages[1].role", { messages: [messages[0], { role: "function", name: "f", content: "x" }] }],
    [
      "messages[0].content[1].type",
      {
        messages: [
          {
            role: "user",
            content: [
              { type: "text", text: "a" },
              { type: "image_url", image_url: {} },
            ],
          },
        ],
      },
    ],
    ["messages[0].name", { messages: [{ role: "user", content: "x", name: "Ann" }] }],
    ["messages[0].tool_calls", { messages: [{ role: "assistant", content: "x", tool_calls: [] }] }],
    ["stream_options.include_obfuscation", { stream: true, stream_options: { include_obfuscation: true } }],
    ["response_format.grammar", { response_format: { type: "text", grammar: "x" } }],
  ];
  test.each(cases)("%s", (parameter, extra) => {
    const error = refusal({ model: "m", messages, ...extra });
    expect(error.code).toBe("unsupported_parameter");
    expect(error.fields.parameter).toBe(parameter);
    expect(error.message).toContain(parameter);
  });
});

describe("a bad value is refused with its place, what was given and what is allowed", () => {
  const cases: [string, Record<string, unknown>, string, string][] = [
    ["temperature", { temperature: 3 }, "3", "from 0 to 2"],
    ["temperature", { temperature: "hot" }, '"hot"', "from 0 to 2"],
    ["top_k", { top_k: 1.5 }, "1.5", "whole number"],
    ["max_tokens", { max_tokens: 0 }, "0", "from 1"],
    ["stream", { stream: "yes" }, '"yes"', "true or false"],
    ["n", { n: "one" }, '"one"', "a number"],
    ["stop[1]", { stop: ["a", ""] }, '""', "up to 8 texts"],
    ["stop", { stop: Array(9).fill("x") }, "an array of 9", "up to 8 texts"],
    ["messages", { messages: [] }, "an array of 0", "1 to 10000"],
    ["messages", { messages: "hi" }, '"hi"', "1 to 10000"],
    ["messages[0]", { messages: ["hi"] }, '"hi"', "role and content"],
    [
      "messages[1].role",
      { messages: [messages[0], { role: "robot", content: "x" }] },
      '"robot"',
      "system, developer, user or assistant",
    ],
    ["messages[0].role", { messages: [{ content: "x" }] }, "missing", "system"],
    ["messages[0].content", { messages: [{ role: "user" }] }, "missing", "a text"],
    ["messages[0].content", { messages: [{ role: "user", content: 5 }] }, "5", "a text"],
    ["messages[0].content[0]", { messages: [{ role: "user", content: ["x"] }] }, '"x"', "an object"],
    ["messages[0].content[0].text", { messages: [{ role: "user", content: [{ type: "text" }] }] }, "missing", "a text"],
    [
      "messages[0].reasoning_content",
      { messages: [{ role: "assistant", content: "x", reasoning_content: 1 }] },
      "1",
      "a text",
    ],
    ["model", { model: "" }, '""', "1 to 500"],
    ["stream_options", { stream_options: { include_usage: true } }, "an object", "stream: true"],
    ["stream_options.include_usage", { stream: true, stream_options: { include_usage: 1 } }, "1", "true or false"],
    ["response_format.type", { response_format: { type: "yaml" } }, '"yaml"', "json_schema"],
    ["response_format", { response_format: "json" }, '"json"', "an object"],
    ["response_format.json_schema", { response_format: { type: "json_schema" } }, "missing", "name and schema"],
    [
      "response_format.json_schema.schema",
      { response_format: { type: "json_schema", json_schema: { name: "x" } } },
      "missing",
      "object",
    ],
  ];
  test.each(cases)("%s: %o", (parameter, extra, given, allowed) => {
    const error = refusal({ model: "m", messages, ...extra });
    expect(error.code).toBe("invalid_request");
    expect(error.fields.parameter).toBe(parameter);
    expect(error.fields.given).toBe(given);
    expect(error.fields.allowed).toContain(allowed);
  });

  test("a body that is no object", () => {
    for (const body of [null, 1, "x", [], true]) expect(refusal(body).code).toBe("invalid_request");
  });

  test("a long value is shown shortened", () => {
    const error = refusal({ model: "m", messages, temperature: "x".repeat(100_000) });
    expect(error.message.length).toBeLessThan(200);
  });

  test("millions of bad entries, without collecting millions of complaints", () => {
    const many = Array<number>(2_000_000).fill(1);
    const started = performance.now();
    for (const extra of [{ messages: many }, { messages: [{ role: "user", content: many }] }, { stop: many }]) {
      expect(refusal({ model: "m", messages, ...extra }).code).toBe("invalid_request");
    }
    expect(performance.now() - started).toBeLessThan(500);
  });

  test("a schema keyword by its path in the request", () => {
    const schema = { type: "object", properties: { age: { type: "integer", minimum: 0 } } };
    const error = refusal({ model: "m", messages, response_format: { type: "json_schema", json_schema: { schema } } });
    expect(error.code).toBe("invalid_schema");
    expect(error.fields.parameter).toBe("response_format.json_schema.schema.properties.age.minimum");
  });
});

describe("any JSON value ends in a request or a typed error", () => {
  const codes = ["invalid_request", "unsupported_parameter", "invalid_schema"];
  function check(body: unknown) {
    try {
      parseChatCompletionRequest(body);
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(MemwellError);
      expect(codes).toContain((thrown as MemwellError).code);
      expect(typeof (thrown as MemwellError).fields.parameter).toBe("string");
    }
  }

  test("anything at all", () => {
    fc.assert(fc.property(fc.jsonValue(), check), { numRuns: 500 });
  });

  test("values in the places of real parameters", () => {
    const keys = [
      "model",
      "messages",
      "stream",
      "stream_options",
      "temperature",
      "stop",
      "n",
      "seed",
      "response_format",
      "__proto__",
    ];
    const odd = fc.dictionary(
      fc.constantFrom(...keys),
      fc.oneof(fc.jsonValue(), fc.constant("m"), fc.constant(messages)),
    );
    fc.assert(
      fc.property(odd, (extra) => check(JSON.parse(JSON.stringify({ model: "m", messages, ...extra })))),
      { numRuns: 500 },
    );
  });

  test("values in the places of messages and parts", () => {
    const word = fc.constantFrom(
      "user",
      "assistant",
      "system",
      "tool",
      "text",
      "image_url",
      "__proto__",
      "constructor",
    );
    const part = fc.oneof(fc.jsonValue(), fc.record({ type: word, text: fc.jsonValue() }, { requiredKeys: [] }));
    const content = fc.oneof(fc.jsonValue(), fc.array(part), fc.string());
    const item = fc.oneof(
      fc.jsonValue(),
      fc.record({ role: fc.oneof(word, fc.jsonValue()), content }, { requiredKeys: [] }),
    );
    fc.assert(
      fc.property(fc.array(item), (list) => check({ model: "m", messages: list })),
      { numRuns: 500 },
    );
  });

  test("a key called __proto__ is refused like any other", () => {
    const error = refusal(JSON.parse('{"model":"m","messages":[{"role":"user","content":"x"}],"__proto__":{"n":1}}'));
    expect(error.fields.parameter).toBe("__proto__");
    const inside = refusal(JSON.parse('{"model":"m","messages":[{"role":"user","content":"x","__proto__":{"n":1}}]}'));
    expect(inside.code).toBe("unsupported_parameter");
  });
});
