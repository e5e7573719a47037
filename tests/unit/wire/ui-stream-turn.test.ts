import { DefaultChatTransport } from "ai";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, describe, expect, it } from "vitest";

import { MemwellError } from "../../../lib/errors";
import type { TurnMessage } from "../../../lib/wire/ui-stream-types";
import { calculator, EVERYTHING, play, type Heard, type Script } from "../agent/pipeline/script";
import { messageOf, piecesOf, TestChat, type TurnEvent } from "./ui-stream-reader";

/*
 * Turns of the real agent, whose models follow a script, read by the AI SDK's own chat over HTTP.
 */

const QUESTION = { message: "How do I work out 3/4 + 1/8?" };

let answer: (response: ServerResponse, method: string) => void = () => {};
const server = createServer((request, response) => {
  request.resume();
  // A connection kept for the next test would be one that this one may have cut.
  response.setHeader("connection", "close");
  answer(response, request.method ?? "");
});
const listening = new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await calculator.close();
});

async function openChat(): Promise<TestChat> {
  await listening;
  const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/chat`;
  return new TestChat(new DefaultChatTransport({ api }));
}

async function turnOf(script: Script, request: object = QUESTION, abort = new AbortController()): Promise<TurnEvent[]> {
  const { events } = await play(script, request, abort);
  return events.map(heardAs);
}

/** The script's models wait with a word. */
function heardAs(event: Heard): TurnEvent {
  if (event.type !== "wait") return event;
  return { ...event, wait: { type: "loading", progress: { stage: "model", fraction: 0.5 } } };
}

const answerOf = (message: TurnMessage | undefined): string[] =>
  message?.parts.flatMap((part) => (part.type === "text" ? [part.text] : [])) ?? [];
const typesOf = (message: TurnMessage | undefined): string[] => message?.parts.map(({ type }) => type) ?? [];

describe("the AI SDK's chat", () => {
  it("shows a whole turn: steps, decisions, tools, thoughts, answer, summary", async () => {
    const events = await turnOf(EVERYTHING);
    answer = (response) => response.end(piecesOf(events).join(""));
    const chat = await openChat();
    await chat.sendMessage({ text: QUESTION.message });
    expect(chat.error).toBeUndefined();
    expect(chat.status).toBe("ready");
    const message = chat.lastMessage;
    expect(message).toMatchObject({ id: "a1", metadata: { run: "r1", conversation: "c1", userMessage: "u1" } });
    expect(answerOf(message)).toEqual(["A fraction is a part of a whole."]);
    const steps = events.filter(({ type }) => type === "step-end").length;
    expect(typesOf(message).filter((type) => type === "data-step")).toHaveLength(steps);
    expect(typesOf(message).filter((type) => type === "data-decision")).toHaveLength(5);
    expect(typesOf(message)).not.toContain("data-wait");
    expect(typesOf(message).filter((type) => type === "reasoning").length).toBeGreaterThan(1);
    for (const part of message?.parts ?? []) {
      if (part.type === "data-step") expect(part.data.state).toBe("done");
      if (part.type === "reasoning" || part.type === "text") expect(part.state).toBe("done");
      if (part.type === "dynamic-tool") expect(part.state).toBe("output-available");
      if (part.type === "data-turn") expect(part.data).toMatchObject({ steps, swaps: 0, memory_bytes: 1000 });
    }
    const tools = message?.parts.flatMap((part) => (part.type === "dynamic-tool" ? [part] : [])) ?? [];
    expect(tools.map(({ toolName }) => toolName)).toEqual(["calculator", "create_graph"]);
    expect(tools[0]?.output).toMatchObject({ display: { kind: "calculation", result: "7/8" } });
  });

  it("shows why a turn failed, and keeps what came before", async () => {
    const events = await turnOf({
      before: ({ role, what }) => {
        if (role === "response" && what === "generate")
          throw new MemwellError("engine_crashed", "The model's process ended. Ask again.");
      },
    });
    answer = (response) => response.end(piecesOf(events, { outcome: "failed" }).join(""));
    const chat = await openChat();
    await chat.sendMessage({ text: QUESTION.message });
    expect(chat.status).toBe("error");
    expect(chat.error?.message).toBe("The model's process ended. Ask again.");
    const failure = chat.lastMessage?.parts.find((part) => part.type === "data-error");
    expect(failure).toMatchObject({ data: { code: "engine_crashed" } });
    expect(typesOf(chat.lastMessage)).toContain("data-decision");
  });

  it("keeps what came before a turn was stopped, without an error", async () => {
    const abort = new AbortController();
    const script: Script = {
      before: ({ role, what }) => {
        if (role === "reasoning" && what === "generate") abort.abort();
      },
    };
    const events = await turnOf(script, QUESTION, abort);
    expect(events.at(-1)).toMatchObject({ type: "failed", error: { code: "aborted" } });
    answer = (response) => response.end(piecesOf(events, { outcome: "stopped" }).join(""));
    const chat = await openChat();
    await chat.sendMessage({ text: QUESTION.message });
    expect(chat.status).toBe("ready");
    expect(typesOf(chat.lastMessage)).not.toContain("data-error");
    expect(typesOf(chat.lastMessage)).toContain("data-step");
  });

  it("says of a turn whose server died that it was interrupted, wherever that was", async () => {
    const events = await turnOf(EVERYTHING);
    for (const [count] of events.entries()) {
      const { message, errors } = await messageOf(
        piecesOf(events.slice(0, count), { outcome: "interrupted" }).join(""),
      );
      expect(errors).toEqual([expect.stringContaining("ask again")]);
      expect(message?.parts.at(-1)).toMatchObject({ type: "data-error", data: { code: "interrupted" } });
      for (const part of message?.parts ?? []) {
        if ("state" in part) expect(part.state).not.toMatch(/streaming|input-available/);
        if (part.type === "data-step") expect(part.data.state).not.toBe("running");
      }
    }
  });

  it("comes back after a cut connection and shows the same message", async () => {
    const pieces = piecesOf(await turnOf(EVERYTHING));
    const { message: uninterrupted } = await messageOf(pieces.join(""));
    const chat = await openChat();
    answer = (response, method) => {
      if (method === "GET") return response.end(pieces.join(""));
      response.write(pieces.slice(0, pieces.length / 2).join(""), () => response.destroy());
    };
    await chat.sendMessage({ text: QUESTION.message });
    expect(chat.lastMessage).not.toEqual(uninterrupted);
    await chat.resumeStream();
    expect(chat.status).toBe("ready");
    expect(chat.lastMessage).toEqual(uninterrupted);
    expect(chat.messages).toHaveLength(2);
  });
});
