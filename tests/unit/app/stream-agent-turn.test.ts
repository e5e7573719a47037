import { describe, expect, it } from "vitest";
import { streamAgentTurn } from "../../../app/_server/stream-agent-turn";
import type { Runtime } from "../../../lib/runtime";
import { comments, inTime, pass, readStream } from "./streams-in-time";

type TurnEvents = ReturnType<Runtime["startTurn"]>;
type TurnEvent = TurnEvents extends AsyncGenerator<infer Event, void, void> ? Event : never;

const identity = { id: "chatcmpl-1", created: 5, model: "memwell" };
const rules: TurnEvent = { type: "step-start", step: 1, name: "rules", detail: null, role: null };
const decision: TurnEvent = { type: "step-start", step: 2, name: "decision", detail: "chart", role: "reasoning" };
const thought: TurnEvent = { type: "thought", kind: "math", text: "hm" };
const text: TurnEvent = { type: "text", text: "Hi" };
const failed: TurnEvent = {
  type: "failed",
  error: { code: "request_too_large", message: "Too long.", fields: {} },
  text: "",
};
const done: TurnEvent = {
  type: "done",
  finishReason: "stop",
  text: "Hi",
  sent: "Hi",
  switches: [],
  decisions: [],
  omittedTurns: 0,
};

/** The stream of what says these events, waiting the numbers between them, in ms. */
const start = (...steps: (TurnEvent | number)[]) =>
  readStream(streamAgentTurn(inTime(steps), identity, false, new AbortController()));

describe("the streamed turn of an agent", () => {
  it("begins with the first event, whatever comes after it", async () => {
    const seen = start(rules, 60_000, done);
    await pass(0);
    expect(seen.response?.status).toBe(200);
    expect(seen.text).toMatch(/^data: .*"role":"assistant".*"name":"rules"/);
  });

  it("is an error with its status when the message is refused; after its beginning a failure is a frame", async () => {
    const refused = start(failed);
    await pass(0);
    expect([refused.response, refused.error]).toMatchObject([null, { code: "request_too_large" }]);
    const later = start(rules, failed);
    await pass(0);
    expect(later.text).toMatch(/data: \{"error":\{"code":"request_too_large".*\}\n\n$/);
  });

  it("says something every 15 seconds whatever it waits for: a model that reads or is loaded, and text that is held back", async () => {
    const seen = start(rules, decision, 40_000, thought, 20_000, thought, decision, 20_000, text, 20_000, text, done);
    await pass(39_000);
    expect(comments(seen.text)).toEqual([": waiting", ": waiting"]);
    await pass(20_000);
    expect(comments(seen.text)).toHaveLength(3);
    await pass(20_000);
    expect(comments(seen.text)).toHaveLength(4);
    await pass(30_000);
    expect(comments(seen.text)).toHaveLength(5);
    expect(seen.text).toMatch(/\[DONE\]\n\n$/);
  });
});
