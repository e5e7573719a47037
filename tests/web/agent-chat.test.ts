import { DefaultChatTransport, readUIMessageStream, type UIMessage } from "ai";
import { createParser } from "eventsource-parser";
import { describe, expect, it } from "vitest";
import { slowModels } from "./slow-models";
import { LONG, SHORT, SmallServer, visitorFetch } from "./visitor";

const server = new SmallServer();

/** A browser of one visitor: keeps the cookie it is given. */
function visitor() {
  const ask = visitorFetch(() => server.now.address);
  const post = (route: string, body: unknown, init: RequestInit = {}) =>
    ask(route, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
      ...init,
    });
  const transport = (body: object) =>
    new DefaultChatTransport({ api: `${server.now.address}/api/chat`, fetch: ask, body });
  return { ask, post, transport };
}

const asked = (text: string, id: string): UIMessage => ({ id, role: "user", parts: [{ type: "text", text }] });

async function messageOf(stream: Parameters<typeof readUIMessageStream>[0]["stream"]): Promise<UIMessage> {
  let last: UIMessage | undefined;
  for await (const message of readUIMessageStream({ stream })) last = message;
  if (last === undefined) throw new Error("The stream ended without a message");
  return last;
}

interface Frame {
  id: string | undefined;
  data: string;
}

/** The frames of a stream until it ends, or until `isEnough`. */
async function framesOf(response: Response, isEnough: (frame: Frame) => boolean = () => false): Promise<Frame[]> {
  const frames: Frame[] = [];
  let enough = false;
  const parser = createParser({
    onEvent: ({ id, data }) => {
      if (enough) return;
      frames.push({ id, data });
      enough = isEnough({ id, data });
    },
  });
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    if (enough) break;
  }
  return frames;
}

/** The run that a stream's first frame names. */
const runIn = (frames: Frame[]): string => /"run":"([^"]+)"/.exec(frames[0]?.data ?? "")?.[1] ?? "";
const isText = ({ data }: Frame): boolean => data.includes('"text-delta"');
const textOf = (message: UIMessage): string =>
  message.parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("");

describe("the AI SDK's own client", () => {
  it("gets the answer with its steps, thoughts and tools, and goes on with the conversation", async () => {
    const { transport, post } = visitor();
    const call = {
      chatId: "chat-steps",
      trigger: "submit-message" as const,
      messageId: undefined,
      abortSignal: undefined,
    };
    const question = asked("What is 3/4 + 1/8?", "q1");
    const answer = await messageOf(await transport(SHORT).sendMessages({ ...call, messages: [question] }));
    const types = new Set(answer.parts.map(({ type }) => type));
    expect([...types]).toEqual(expect.arrayContaining(["text", "reasoning", "dynamic-tool", "data-step", "data-turn"]));
    const tool = answer.parts.find((part) => part.type === "dynamic-tool");
    expect(tool).toMatchObject({ toolName: "calculator", state: "output-available" });
    expect(JSON.stringify(tool)).toContain("7/8");
    const steps = answer.parts.filter((part) => part.type === "data-step");
    expect(steps.length).toBeGreaterThan(5);
    for (const step of steps) expect(step).toMatchObject({ data: { state: "done", duration_ms: expect.any(Number) } });

    const history = [question, answer, asked("And 1/2 + 1/3?", "q2")];
    const second = await messageOf(await transport(SHORT).sendMessages({ ...call, messages: history }));
    expect(second.id).not.toBe(answer.id);
    const again = await messageOf(
      await transport(SHORT).sendMessages({
        ...call,
        trigger: "regenerate-message",
        messageId: second.id,
        messages: history,
      }),
    );
    expect(again.id).not.toBe(second.id);
    // Sent again: the answer that is there, not another one.
    const repeated = await post("/api/chat", { id: "chat-steps", messages: [question], trigger: "submit-message" });
    expect((await framesOf(repeated))[0]?.data).toContain(answer.id);
  });

  it("finds nothing to resume where nothing is written", async () => {
    const { transport } = visitor();
    expect(await transport(SHORT).reconnectToStream({ chatId: "chat-nobody" })).toBeNull();
  });
});

describe("a reader who loses the connection", () => {
  it("comes back to the answer from its beginning, or from the last event it has seen", async () => {
    const { post, ask, transport } = visitor();
    const leaving = new AbortController();
    const body = { id: "chat-lost", message: asked("What is a fraction?", "q1"), ...LONG };
    const begun = await framesOf(await post("/api/chat", body, { signal: leaving.signal }), isText);
    leaving.abort();
    const seen = begun.findLast(({ id }) => id !== undefined)?.id ?? "";
    expect(Number(seen)).toBeGreaterThan(0);

    const [whole, rest, message] = await Promise.all([
      ask("/api/chat/chat-lost/stream").then((response) => framesOf(response)),
      ask(`/api/chat/chat-lost/stream?run=${runIn(begun)}`, { headers: { "last-event-id": seen } }).then((response) =>
        framesOf(response),
      ),
      transport({})
        .reconnectToStream({ chatId: "chat-lost" })
        .then((stream) => messageOf(stream!)),
    ]);
    expect(whole.at(-1)?.data).toBe("[DONE]");
    const data = (frames: Frame[]) => frames.map((frame) => frame.data);
    // What was shown before is a beginning of it, and what comes after the last event is its end: nothing twice, no gap.
    const at = whole.findLastIndex(({ id }) => id === seen);
    expect(data(whole).slice(0, begun.length)).toEqual(data(begun));
    expect(data(rest)).toEqual(data(whole).slice(at + 1));
    const texts = data(whole).flatMap((frame) => {
      const chunk = frame === "[DONE]" ? {} : (JSON.parse(frame) as { type?: string; delta?: string });
      return chunk.type === "text-delta" ? [chunk.delta ?? ""] : [];
    });
    expect(textOf(message)).toBe(texts.join(""));
    expect((await ask("/api/chat/chat-lost/stream")).status).toBe(204);
  });
});

describe("an answer under way", () => {
  it("is stopped by its own route, and says so", async () => {
    const { post, ask } = visitor();
    slowModels(server.now);
    const response = await post("/api/chat", { id: "chat-stop", message: asked("What is a fraction?", "q1"), ...LONG });
    const frames = framesOf(response);
    const reading = await ask("/api/chat/chat-stop/stream");
    await framesOf(reading, isText);
    const stopped = (await (await post("/api/chat/chat-stop/stop", {})).json()) as { stopped: string[] };
    expect(stopped.stopped).toHaveLength(1);
    expect((await frames).at(-2)?.data).toContain('"abort"');
    expect(await (await post("/api/chat/chat-stop/stop", {})).json()).toEqual({ stopped: [] });
  });

  it("is nobody else's to read or to stop, and keeps the next question waiting by name", async () => {
    const [owner, stranger] = [visitor(), visitor()];
    slowModels(server.now);
    const body = { id: "chat-own", message: asked("What is a fraction?", "q1"), ...LONG };
    const response = await owner.post("/api/chat", body);
    await framesOf(response, isText);
    expect((await stranger.ask("/api/chat/chat-own/stream")).status).toBe(204);
    expect((await stranger.post("/api/chat/chat-own/stop", {})).status).toBe(404);
    expect((await stranger.post("/api/chat", { ...body, message: asked("Mine?", "q9") })).status).toBe(404);
    const next = await owner.post("/api/chat", { id: "chat-own", message: asked("And a decimal?", "q2"), ...SHORT });
    expect(next.status).toBe(409);
    expect(await next.json()).toMatchObject({ error: { code: "conflict" } });
    await owner.post("/api/chat/chat-own/stop", {});
  });
});

describe("a server that is killed in the middle of an answer", () => {
  it("leaves what was said, marked as interrupted, and the conversation goes on", async () => {
    const { post, ask } = visitor();
    slowModels(server.now);
    const response = await post("/api/chat", { id: "chat-kill", message: asked("What is a fraction?", "q1"), ...LONG });
    const begun = await framesOf(response, isText);
    const run = runIn(begun);
    await server.killAndStartAgain();

    expect((await ask("/api/chat/chat-kill/stream")).status).toBe(204);
    const frames = await framesOf(await ask(`/api/chat/chat-kill/stream?run=${run}`));
    expect(frames.some(isText)).toBe(true);
    const error = frames.find(({ data }) => data.includes('"data-error"'));
    expect(error?.data).toContain('"interrupted"');
    const next = await post("/api/chat", { id: "chat-kill", message: asked("Go on.", "q2"), ...SHORT });
    expect((await framesOf(next)).at(-2)?.data).toContain('"finish"');
  });
});

describe("what cannot be asked", () => {
  const message = asked("Hello", "q1");
  it.each([
    ["nothing", { id: "bad", message: asked("", "q1") }, 400, "invalid_request"],
    ["only white space", { id: "bad", message: asked(" \n ", "q1") }, 400, "invalid_request"],
    ["a megabyte", { id: "bad", message: asked("x".repeat(2 ** 20), "q1") }, 413, "request_too_large"],
    [
      "a message of the assistant's",
      { id: "bad", messages: [{ ...message, role: "assistant" }] },
      400,
      "invalid_request",
    ],
    ["an id that is a path", { id: "../x", message }, 400, "invalid_request"],
    ["a picture", { id: "bad", message: { ...message, parts: [{ type: "file" }] } }, 400, "unsupported_parameter"],
    ["a list", [], 400, "invalid_request"],
  ])("%s is refused by name", async (_, body, status, code) => {
    const response = await visitor().post("/api/chat", body);
    expect({ status: response.status, body: await response.json() }).toMatchObject({
      status,
      body: { error: { code } },
    });
  });

  it("from another site's page is refused", async () => {
    const headers = { "content-type": "text/plain", "sec-fetch-site": "cross-site", origin: "https://evil.test" };
    const response = await visitor().post("/api/chat", { id: "bad", message }, { headers });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { code: "cross_site" } });
  });
});
