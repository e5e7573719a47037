import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { HubServer, type Fault } from "../../fixtures/hub-server";
import { Pace } from "../../fixtures/hub-server/pace";

/** What a client meets on the wire: ranges, redirections, and whatever goes wrong on demand. */
let hub: HubServer;
let bytes: Buffer;
let address: string;

beforeAll(async () => {
  hub = await HubServer.start();
  const repo = hub.createRepo("model", "org/name");
  repo.commit({ "model.gguf": { size: 1_000_000, seed: 1 }, "config.json": JSON.stringify("x".repeat(2000)) });
  bytes = repo.contentOf("model.gguf");
  address = `${hub.url}/org/name/resolve/main/model.gguf`;
});
beforeEach(() => {
  hub.faults.clear();
  hub.rate = null;
});
afterAll(() => hub.close());

async function get(url: string, headers: Record<string, string> = {}) {
  const answer = await fetch(url, { headers });
  return { answer, body: Buffer.from(await answer.arrayBuffer()) };
}

/** The bytes that arrive before the end, whatever that end is. */
async function received(url: string, signal: AbortSignal | null = null): Promise<{ bytes: number; end: string }> {
  const { body } = await fetch(url, { signal });
  let size = 0;
  try {
    for await (const piece of body ?? []) size += (piece as Uint8Array).length;
    return { bytes: size, end: "whole" };
  } catch (thrown) {
    return { bytes: size, end: thrown instanceof Error && thrown.name === "AbortError" ? "given up" : "cut" };
  }
}

describe("ranges", () => {
  it.each([
    ["bytes=0-9", 0, 10],
    ["bytes=999990-", 999_990, 1_000_000],
    ["bytes=-5", 999_995, 1_000_000],
    ["bytes=500-9999999", 500, 1_000_000],
  ])("answers %s with that part", async (range, start, end) => {
    const { answer, body } = await get(address, { range });
    expect(answer.status).toBe(206);
    expect(answer.headers.get("content-range")).toBe(`bytes ${start}-${end - 1}/1000000`);
    expect(body.equals(bytes.subarray(start, end))).toBe(true);
  });

  it.each(["bytes=1000000-", "bytes=0-1,5-9", "bytes=-0"])("refuses %s and tells the size", async (range) => {
    const { answer } = await get(address, { range });
    expect(answer.status).toBe(416);
    expect(answer.headers.get("content-range")).toBe("bytes */1000000");
  });

  it.each(["lines=1-2", "bytes=a-b", "bytes=-"])("ignores %s, which is no range", async (range) => {
    expect((await get(address, { range })).answer.status).toBe(200);
  });

  it("sends the whole file when it is another than the range is of", async () => {
    const { answer } = await get(address, { range: "bytes=0-9" });
    const etag = answer.headers.get("etag") ?? "";
    expect((await get(address, { range: "bytes=5-9", "if-range": etag })).answer.status).toBe(206);
    expect((await get(address, { range: "bytes=5-9", "if-range": '"another"' })).answer.status).toBe(200);
  });
});

describe("redirections", () => {
  const head = (url: string, headers: Record<string, string> = {}) =>
    fetch(url, { method: "HEAD", redirect: "manual", headers });

  it("leads to the CDN for a large file, and names its hash, size and commit", async () => {
    const answer = await head(address);
    expect(answer.status).toBe(302);
    expect(answer.headers.get("location")).toContain(`${hub.cdn}/cdn/org/name/model.gguf/`);
    expect(answer.headers.get("x-linked-size")).toBe("1000000");
    expect(answer.headers.get("x-linked-etag")).toMatch(/^"[0-9a-f]{64}"$/);
    expect(answer.headers.get("x-repo-commit")).toMatch(/^[0-9a-f]{40}$/);
  });

  it("leads within the Hub for a small file, by a relative address", async () => {
    const answer = await head(`${hub.url}/org/name/resolve/main/config.json`);
    expect(answer.status).toBe(307);
    expect(answer.headers.get("location")).toMatch(
      /^\/api\/resolve-cache\/models\/org\/name\/[0-9a-f]{40}\/config.json/,
    );
  });

  it("compresses text for whoever accepts it, and then tells no length and a weak ETag", async () => {
    const url = `${hub.url}/org/name/resolve/main/config.json`;
    const { answer, body } = await get(url, { "accept-encoding": "gzip" });
    expect(answer.headers.get("etag")).toMatch(/^W\/"[0-9a-f]{40}"$/);
    expect(answer.headers.get("content-length")).toBeNull();
    expect(body).toHaveLength(2002);
    expect((await get(url, { "accept-encoding": "identity" })).answer.headers.get("content-length")).toBe("2002");
  });

  it("takes no token at the CDN, and no signature that has expired", async () => {
    const location = async () => (await head(address)).headers.get("location") ?? "";
    const signed = await location();
    expect((await get(signed)).answer.status).toBe(200);
    expect((await get(signed, { authorization: `Bearer ${hub.token}` })).answer.status).toBe(400);
    hub.signer.expireAll();
    expect((await get(signed)).answer.status).toBe(403);
    expect((await get(await location())).answer.status).toBe(200);
  });

  it("says by code what is missing, and at which commit", async () => {
    const answer = await head(`${hub.url}/org/name/resolve/main/none.gguf`);
    expect(answer.status).toBe(404);
    expect(answer.headers.get("x-error-code")).toBe("EntryNotFound");
    expect(answer.headers.get("x-repo-commit")).toMatch(/^[0-9a-f]{40}$/);
  });
});

describe("faults", () => {
  const broken = (fault: Omit<Fault, "match">) => hub.faults.add({ match: /model\.gguf/, times: 1, ...fault });

  it("answers with a status and headers as often as asked, then as ever", async () => {
    broken({ do: { status: 429, headers: { "Retry-After": "1" }, body: "later" }, times: 2 });
    for (const status of [429, 429, 200]) expect((await get(address)).answer.status).toBe(status);
  });

  it("cuts the connection after as many bytes", async () => {
    broken({ do: "cut", after: 300_000 });
    expect(await received(address)).toEqual({ bytes: 300_000, end: "cut" });
    expect(await received(address)).toEqual({ bytes: 1_000_000, end: "whole" });
  });

  it("cuts the connection before an answer", async () => {
    broken({ do: "cut" });
    await expect(fetch(address)).rejects.toThrow("fetch failed");
  });

  it("stalls after as many bytes until the client gives up", async () => {
    broken({ do: "stall", after: 100_000 });
    const control = new AbortController();
    const end = received(address, control.signal);
    await expect.poll(() => hub.requests.at(-1)?.bytesSent).toBe(100_000);
    control.abort();
    expect(await end).toEqual({ bytes: 100_000, end: "given up" });
  });

  it("flips one byte", async () => {
    broken({ do: "corrupt", after: 500_000 });
    const { body } = await get(address);
    const wrong = [...body.keys()].filter((at) => body[at] !== bytes[at]);
    expect(wrong).toEqual([500_000]);
  });

  it("ignores a range", async () => {
    broken({ do: "ignore-range" });
    const { answer, body } = await get(address, { range: "bytes=5-9" });
    expect([answer.status, body.length]).toEqual([200, 1_000_000]);
  });

  it("ends early with a length that agrees", async () => {
    broken({ do: "wrong-length", after: 1000 });
    expect((await get(address)).body).toHaveLength(1000);
  });

  it("delays, and then answers", async () => {
    broken({ do: { delayMs: 500 } });
    const order: string[] = [];
    const note = (name: string) => get(address).then(({ answer }) => order.push(`${name} ${answer.status}`));
    const count = hub.requests.length;
    const first = note("first");
    await expect.poll(() => hub.requests.length).toBe(count + 1);
    await Promise.all([first, note("second")]);
    expect(order).toEqual(["second 200", "first 200"]);
  });

  it("leaves alone what does not match, and forgets what is taken back", async () => {
    hub.faults.add({ match: ({ server }) => server === "hub", do: { status: 500 } })();
    hub.faults.add({ match: /other/, do: { status: 500 } });
    expect((await get(address)).answer.status).toBe(200);
  });
});

it("paces all connections together", async () => {
  const pace = new Pace();
  pace.rate = 1_000_000;
  const order: string[] = [];
  const take = (name: string, bytes: number) => pace.take(bytes).then(() => order.push(name));
  await Promise.all([take("large", 200_000), take("small, of another connection", 1000)]);
  expect(order).toEqual(["large", "small, of another connection"]);
});

it("remembers what was asked and what it sent", async () => {
  const before = hub.bytesSent(/^\/cdn\/org\/name/);
  await get(address, { range: "bytes=0-99", authorization: `Bearer ${hub.token}` });
  const [first, second] = hub.requests.slice(-2);
  expect(first).toMatchObject({ server: "hub", status: 302, authorization: "Bearer hf_writer", range: "bytes=0-99" });
  expect(second).toMatchObject({ server: "cdn", status: 206, authorization: null, bytesSent: 100 });
  expect(hub.bytesSent(/^\/cdn\/org\/name/) - before).toBe(100);
});
