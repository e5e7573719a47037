import { describe, expect, it } from "vitest";

import { CALL, chunksOfLast, DONE, END, RESULT } from "./ui-stream-events";
import { chunksOf, messageOf, piecesOf, type TurnEvent } from "./ui-stream-reader";

describe("the stream", () => {
  it("names an event only with its last frame, and the beginning 0", () => {
    const [begin = "", thought = "", , end = ""] = piecesOf([{ type: "thought", kind: "math", text: "a" }, DONE]);
    const ids = (text: string) => text.split("\n\n").map((frame) => /^id: (\d+)\n/.exec(frame)?.[1] ?? null);
    expect(ids(begin)).toEqual([null, "0", null]);
    expect(ids(thought)).toEqual([null, "1", null]);
    expect(end).toBe("data: [DONE]\n\n");
  });

  it("begins with the message's id and metadata", async () => {
    expect(await chunksOf(piecesOf([])[0] ?? "")).toEqual([
      { type: "start", messageId: "a1", messageMetadata: { run: "r1", conversation: "c1", userMessage: "u1" } },
      { type: "start-step" },
    ]);
  });

  it("counts a swap for each step that a model left memory for, and the highest memory", async () => {
    const step = (swapped_out: string[], memory_bytes: number | null): TurnEvent => ({
      ...END,
      swapped_out,
      memory_bytes,
    });
    const chunks = await chunksOfLast([
      step([], null),
      step([], 5),
      step([], null),
      step([], 9),
      step(["a"], 7),
      step(["b", "c"], null),
      DONE,
    ]);
    expect(chunks[0]).toMatchObject({
      data: { steps: 6, swaps: 2, memory_bytes: 9, duration_ms: 72, tokens: { prefilled: 60 } },
    });
  });

  it.each([
    ["line breaks", "a\nb\r\nc\rd\n\ndata: x\n\n"],
    ["the separators of JavaScript", "a\u2028b\u2029c\u0085d"],
    ["control characters", "\u0000\u0007\u001b[2J\u007f"],
    ["a byte order mark", "\ufeffa"],
    ["half a surrogate pair", "a\ud83d"],
    ["a megabyte", "é".repeat(1_000_000)],
  ])("carries %s unharmed", async (_, text) => {
    const events: TurnEvent[] = [
      { type: "text", text },
      { ...RESULT, text },
    ];
    const chunks = await chunksOf(piecesOf([CALL, ...events, DONE]).join(""));
    expect(chunks).toContainEqual({ type: "text-delta", id: "text", delta: text });
    expect(chunks).toContainEqual(expect.objectContaining({ output: { text, display: null } }));
  });

  it("leaves out names that the AI SDK's reader takes for an attack, and keeps texts that look like them", async () => {
    const input = JSON.parse(
      '{"a": [{"__proto__": {"x": 1}, "b": 2}], "constructor": {"prototype": 1}, "c": "\\"__proto__\\":"}',
    ) as unknown;
    const { message, errors } = await messageOf(piecesOf([{ ...CALL, input }, RESULT, DONE]).join(""));
    expect(errors).toEqual([]);
    expect(message?.parts).toContainEqual(
      expect.objectContaining({ type: "dynamic-tool", input: { a: [{ b: 2 }], c: '"__proto__":' } }),
    );
  });

  it("shows a call that is made again in the place of the first", async () => {
    const { message, errors } = await messageOf(piecesOf([CALL, RESULT, CALL, RESULT, DONE]).join(""));
    expect(errors).toEqual([]);
    expect(message?.parts.filter(({ type }) => type === "dynamic-tool")).toHaveLength(1);
  });
});
