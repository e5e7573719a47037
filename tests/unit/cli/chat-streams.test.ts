import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { generateRequest, temperature, turnRequest } from "../../../lib/cli/chat-options";
import { jsonLine, readAll, withoutControls } from "../../../lib/cli/chat-streams";

it("what a model wrote cannot steer a terminal, not even in pieces", () => {
  const pieces = ["a\u001b", "]0;title\u0007b\u009b", "31m\u0000\u007f\r\n\tc"];
  expect(pieces.map(withoutControls).join("")).toBe("a]0;titleb31m\n\tc");
  expect(withoutControls("\u05d0\u2067\u05d1\u2069 é \u{1F34E}")).toBe("\u05d0\u2067\u05d1\u2069 é \u{1F34E}");
});

it("a line of JSON is one line, obeyed by no terminal, and says the same", () => {
  const event = { type: "text", text: "\u001b[2J\u009b31m\u007f\n\u{1F34E}" } as const;
  const line = jsonLine(event);
  expect(line).not.toMatch(/(?!\n$)\p{Cc}/u);
  expect(JSON.parse(line)).toEqual(event);
});

describe("reading what comes in", () => {
  it("puts characters together that come in pieces", async () => {
    const apple = Buffer.from("\u{1F34E}");
    expect(await readAll(Readable.from([apple.subarray(0, 1), apple.subarray(1)]))).toBe("\u{1F34E}");
  });

  it("stops where no model could read on", async () => {
    let given = 0;
    const endless = async function* () {
      for (;;) {
        given += 1;
        yield Buffer.alloc(1024 ** 2, "a");
      }
    };
    await expect(readAll(endless())).rejects.toMatchObject({ code: "request_too_large" });
    expect(given).toBe(9);
  });
});

describe("options", () => {
  it.each([
    ["0", 0],
    ["0.7", 0.7],
    [".5", 0.5],
    ["2", 2],
  ])("temperature %s", (text, number) => expect(temperature(text)).toBe(number));

  it.each(["2.1", "-1", "warm", "", "1e0", "Infinity"])("no temperature: %j", (text) => {
    expect(() => temperature(text)).toThrow("is no number from 0 to 2");
  });

  it("mean the same to the agent and to one model alone", () => {
    const given = { model: "m", maxTokens: 5, maxThoughtTokens: 6, temperature: 0, seed: 7, system: "Be kind." };
    const shared = { maxTokens: 5, maxThoughtTokens: 6, sampling: { temperature: 0, seed: 7 } };
    expect(turnRequest("Hi", given)).toEqual({ message: "Hi", history: [], instructions: "Be kind.", ...shared });
    const messages = [
      { role: "system", content: "Be kind." },
      { role: "user", content: "Hi" },
    ];
    expect(generateRequest("Hi", given)).toEqual({ prompt: { messages }, ...shared });
    expect(turnRequest("Hi", { model: "memwell", domain: "law" }).domain).toBe("law");
    expect(() => generateRequest("Hi", { model: "m", domain: "law" })).toThrow("--domain goes with the agent");
    expect(generateRequest("Hi", { model: "m" }).prompt).toEqual({ messages: [{ role: "user", content: "Hi" }] });
  });
});
