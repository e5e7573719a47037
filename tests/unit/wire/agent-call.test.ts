import { describe, expect, test } from "vitest";
import { agentTurnOf, parseChatCompletionRequest } from "../../../lib/wire";

const user = (content: string) => ({ role: "user", content });
const assistant = (content: string | null) => ({ role: "assistant", content });
const system = (content: string) => ({ role: "system", content });

const turnOf = (messages: object[], more: object = {}) =>
  agentTurnOf(parseChatCompletionRequest({ model: "memwell", messages, ...more }));
const refusalOf = (messages: object[], more: object = {}) => {
  try {
    turnOf(messages, more);
  } catch (thrown) {
    return thrown;
  }
  throw new Error("was not refused");
};

describe("a conversation as one turn", () => {
  test.each([
    ["a message alone", [user("Hi")], "Hi", []],
    ["an earlier exchange", [user("a"), assistant("b"), user("c")], "c", [["a", "b"]]],
    [
      "questions that were not answered stay with the next",
      [user("a"), user("b"), assistant("c"), user("d"), user("e")],
      "d\n\ne",
      [["a\n\nb", "c"]],
    ],
    ["answers in a row are one", [user("a"), assistant("b"), assistant("c"), user("d")], "d", [["a", "b\n\nc"]]],
    [
      "an answer first answers an empty message",
      [assistant("Welcome"), assistant("!"), user("a")],
      "a",
      [["", "Welcome\n\n!"]],
    ],
    ["an answer that was all thinking is empty", [user("a"), assistant(null), user("b")], "b", [["a", ""]]],
    ["a system message between two questions parts nothing", [user("a"), system("x"), user("b")], "a\n\nb", []],
  ] as const)("%s", (_name, messages, message, history) => {
    const turn = turnOf([...messages]);
    expect(turn.message).toBe(message);
    expect(turn.history).toEqual(history.map(([asked, answer]) => ({ message: asked, answer })));
  });

  test("system and developer messages are the instructions, wherever they stand", () => {
    const developer = { role: "developer", content: "Two." };
    expect(turnOf([system("One."), user("a"), developer]).instructions).toBe("One.\n\nTwo.");
    expect(turnOf([user("a")])).not.toHaveProperty("instructions");
  });

  test("limits, stop texts and sampling are passed on; thinking of earlier answers is not", () => {
    const answered = { ...assistant("b"), reasoning_content: "hm" };
    const more = {
      max_tokens: 9,
      max_thought_tokens: 0,
      stop: "x",
      temperature: 0.5,
      seed: 3,
      response_format: { type: "text" },
      domain: "business",
    };
    expect(turnOf([user("a"), answered, user("c")], more)).toEqual({
      message: "c",
      history: [{ message: "a", answer: "b" }],
      sampling: { temperature: 0.5, seed: 3 },
      stop: ["x"],
      maxTokens: 9,
      maxThoughtTokens: 0,
      domain: "business",
    });
  });
});

describe("what is no turn", () => {
  test.each([
    ["an answer last", [user("a"), assistant("b")], "messages[1].role"],
    ["an answer last, then instructions", [user("a"), assistant("b"), system("c")], "messages[1].role"],
    ["instructions alone", [system("a"), system("b")], "messages[1].role"],
  ] as const)("%s is refused by its place", (_name, messages, parameter) => {
    expect(refusalOf([...messages])).toMatchObject({ code: "invalid_request", fields: { parameter } });
  });

  test.each([{ type: "json_object" }, { type: "json_schema", json_schema: { name: "n", schema: { type: "object" } } }])(
    "JSON of $type is refused, and says whom to ask instead",
    (response_format) => {
      expect(refusalOf([user("a")], { response_format })).toMatchObject({
        code: "unsupported_parameter",
        message: expect.stringContaining("a model by its own id"),
        fields: { parameter: "response_format" },
      });
    },
  );
});
