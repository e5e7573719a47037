import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

let server: Server;
let address: string;
let asked: ServerResponse[];
/** The tokens that the calls brought. */
let brought: unknown[];

beforeEach(async () => {
  // Whether a visitor is known is remembered as long as the page is there.
  vi.resetModules();
  asked = [];
  brought = [];
  server = createServer((request, response) => {
    asked.push(response);
    brought.push(request.headers["x-memwell-session"]);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const load = async () => (await import("../../../app/_chat/visitor-fetch")).visitorFetch;
const answerNext = async (index: number, status = 200, body = "{}", headers = {}): Promise<void> => {
  await vi.waitFor(() => expect(asked.length).toBeGreaterThan(index));
  asked[index]?.writeHead(status, headers).end(body);
};

it("a new visitor's calls wait for the first answer, which brings the cookie", async () => {
  const visitorFetch = await load();
  const calls = [visitorFetch(address), visitorFetch(address), visitorFetch(address)];
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  // A call that waits for nobody goes past the others: they would be there before it.
  const other = fetch(address);
  await vi.waitFor(() => expect(asked.length).toBeGreaterThan(1));
  expect(asked).toHaveLength(2);
  await answerNext(0);
  await vi.waitFor(() => expect(asked).toHaveLength(4));
  await Promise.all([answerNext(1), answerNext(2), answerNext(3), other]);
  expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200, 200]);
});

it("a first call that fails is not waited for again", async () => {
  const visitorFetch = await load();
  await expect(visitorFetch("http://127.0.0.1:1")).rejects.toMatchObject({ code: "unreachable" });
  const second = visitorFetch(address);
  await answerNext(0);
  expect((await second).status).toBe(200);
});

it.each([
  ["the server's own words", 409, '{"error": {"code": "conflict", "message": "Wait."}}', "conflict", "Wait."],
  ["a proxy's page", 502, "<h1>Bad gateway</h1>", "unreadable", /status 502/],
  ["a JSON of something else", 500, "[]", "unreadable", /status 500/],
])("a refusal has %s", async (_, status, body, code, message) => {
  const visitorFetch = await load();
  const call = visitorFetch(address);
  const refused = expect(call).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
  await answerNext(0, status, body);
  await refused;
});

it("a call that was given up is no refusal", async () => {
  const visitorFetch = await load();
  const leave = new AbortController();
  const call = visitorFetch(address, { signal: leave.signal });
  const ended = expect(call).rejects.toMatchObject({ name: "AbortError" });
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  leave.abort();
  await ended;
});

describe("the token of a visitor", () => {
  const TOLD = { "x-memwell-session": "one.signed" };
  const load = async () => ({
    ...(await import("../../../app/_chat/visitor-fetch")),
    ...(await import("../../../app/_chat/visitor-session")),
  });

  it("is sent until a cookie is known to be kept, and then forgotten", async () => {
    const { visitorFetch, visitorSession } = await load();
    for (const [index, headers] of [TOLD, { "x-memwell-session": "cookie" }, {}].entries()) {
      const call = visitorFetch(address);
      await answerNext(index, 200, "{}", headers);
      await call;
    }
    expect(brought).toEqual([undefined, "one.signed", undefined]);
    expect(visitorSession.isLost).toBe(false);
  });

  it("is all there is where the browser keeps nothing; the page is told so once", async () => {
    const { visitorFetch, visitorSession } = await load();
    const told = vi.fn();
    visitorSession.subscribe(told);
    for (let index = 0; index < 3; index += 1) {
      const call = visitorFetch(address);
      await answerNext(index, 200, "{}", TOLD);
      await call;
    }
    expect(brought).toEqual([undefined, "one.signed", "one.signed"]);
    expect(visitorSession.isLost).toBe(true);
    expect(told).toHaveBeenCalledTimes(1);
  });

  it("stays what it is when a call is refused", async () => {
    const { visitorFetch } = await load();
    for (const [index, [status, headers]] of (
      [
        [200, TOLD],
        [404, {}],
        [200, TOLD],
      ] as const
    ).entries()) {
      const call = visitorFetch(address).catch(() => {});
      await answerNext(index, status, "{}", headers);
      await call;
    }
    expect(brought).toEqual([undefined, "one.signed", "one.signed"]);
  });

  it("that the browser keeps is there after a reload", async () => {
    const kept = new Map<string, string>();
    vi.stubGlobal("localStorage", {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, text: string) => void kept.set(key, text),
      removeItem: (key: string) => void kept.delete(key),
    });
    const first = await load();
    for (const index of [0, 1]) {
      const call = first.visitorFetch(address);
      await answerNext(index, 200, "{}", TOLD);
      await call;
    }
    expect(first.visitorSession.isLost).toBe(false);
    vi.resetModules();
    const { visitorFetch } = await load();
    const call = visitorFetch(address);
    await answerNext(2, 200, "{}", { "x-memwell-session": "cookie" });
    await call;
    expect(brought[2]).toBe("one.signed");
    expect([...kept]).toEqual([]);
    vi.unstubAllGlobals();
  });
});
