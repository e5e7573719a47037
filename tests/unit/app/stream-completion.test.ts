import { describe, expect, it } from "vitest";
import { streamCompletion } from "../../../app/_server/stream-completion";
import type { RunEvent } from "../../../lib/runtime";
import { comments, inTime, pass, readStream } from "./streams-in-time";

const identity = { id: "chatcmpl-1", created: 5, model: "m" };
const usage = { promptTokens: 1, reusedTokens: 0, completionTokens: 1, thoughtTokens: 0 };
const queued: RunEvent = {
  type: "queued",
  position: 1,
  waitingFor: { reason: "busy", models: ["other"] },
  estimateMs: 40_000,
};
const loading: RunEvent = { type: "loading", progress: { stage: "model", fraction: 0.5 } };
const prompt: RunEvent = { type: "prompt", promptTokens: 1, reusedTokens: 0, slot: 0 };
const text: RunEvent = { type: "text", text: "Hi", tokens: 1 };
const done: RunEvent = { type: "done", finishReason: "stop", usage, prefillMs: 1, decodeMs: 1, slot: 0 };
const failed: RunEvent = { type: "failed", error: { code: "memory_exceeded", message: "Too large.", fields: {} } };

/** The stream of what says these events, waiting the numbers between them, in ms. */
const start = (...steps: (RunEvent | number)[]) =>
  readStream(streamCompletion(inTime(steps), identity, false, new AbortController()));

describe("the beginning of a streamed answer", () => {
  it("is the generation's own first event when the model is ready", async () => {
    const seen = start(prompt, text, done);
    await pass(0);
    expect(seen.response?.status).toBe(200);
    expect(seen.text).toMatch(/^data: .*"role":"assistant"/);
    expect(seen.text).toMatch(/"content":"Hi".*\n\ndata: .*\n\ndata: \[DONE\]\n\n$/);
  });

  it("is an error with its status when it fails within a second, having waited or not", async () => {
    for (const steps of [[failed], [queued, failed], [queued, 900, loading, failed]] as const) {
      const seen = start(...steps);
      await pass(950);
      expect(seen.response).toBeNull();
      expect(seen.error).toMatchObject({ code: "memory_exceeded" });
      await pass(10_000);
    }
  });

  it("waits a second for a model, then shows what is waited for; a failure is then part of the stream", async () => {
    const seen = start(queued, 3_000, loading, failed);
    await pass(999);
    expect(seen.response).toBeNull();
    await pass(1);
    expect(seen.response?.status).toBe(200);
    expect(comments(seen.text)).toEqual([
      ': queued {"position":1,"estimate_ms":40000,"reason":"busy","models":["other"]}',
    ]);
    await pass(2_000);
    expect(comments(seen.text)[1]).toBe(': loading {"stage":"model","percent":50}');
    expect(seen.text).toMatch(/data: \{"error":\{"code":"memory_exceeded".*\}\n\n$/);
    expect(seen.text).not.toContain("[DONE]");
  });

  it("comes after a second even when nothing at all is heard", async () => {
    const seen = start(5_000, prompt, done);
    await pass(1_000);
    expect([seen.response?.status, comments(seen.text)]).toEqual([200, [": waiting"]]);
    await pass(4_000);
    expect(seen.text).toContain("[DONE]");
  });
});

describe("a stream that waits", () => {
  it("says something every 15 seconds, and no more than that", async () => {
    const seen = start(queued, 60_000, prompt, 40_000, text, done);
    await pass(59_000);
    expect(comments(seen.text).slice(1)).toEqual([": waiting", ": waiting", ": waiting"]);
    await pass(60_000);
    expect(comments(seen.text)).toHaveLength(4);
    expect(seen.text).toMatch(/\[DONE\]\n\n$/);
  });
});
