import { expect, it } from "vitest";
import { tellWebhook } from "../../../lib/analytics";
import { hookServer, status } from "./hook-server";

const BODY = { text: "Memwell: full", content: "Memwell: full", alert: { name: "disk_free" } };
const never = new AbortController().signal;
const tell = (address: string, more: { timeoutMs?: number; pausesMs?: number[] } = {}, signal = never) =>
  tellWebhook({ address, pausesMs: [1, 1], ...more }, BODY, signal);

it("a webhook is told once, in JSON", async () => {
  const hook = await hookServer(status(200));
  expect(await tell(hook.address)).toBeNull();
  expect(hook.bodies).toEqual([BODY]);
  expect(hook.paths).toEqual(["POST /hook/secret"]);
});

it("one that cannot answer now is told again, until it can", async () => {
  const hook = await hookServer((response, count) => status(count < 3 ? 503 : 204)(response));
  expect(await tell(hook.address)).toBeNull();
  expect(hook.bodies).toHaveLength(3);
});

it("one that never can is left alone after some tries, and no secret is told of it", async () => {
  const hook = await hookServer(status(500));
  const problem = await tell(hook.address);
  expect(hook.bodies).toHaveLength(3);
  expect(problem).toMatch(/^127\.0\.0\.1:\d+ was not told: it answered 500$/);
});

it("one that refuses is not asked again", async () => {
  const hook = await hookServer(status(404));
  expect(await tell(hook.address)).toContain("it answered 404");
  expect(hook.bodies).toHaveLength(1);
});

it("a redirect is not followed", async () => {
  const other = await hookServer(status(200));
  const hook = await hookServer(status(307, { location: other.address }));
  expect(await tell(hook.address)).toContain("it redirects (307)");
  expect([hook.bodies.length, other.bodies.length]).toEqual([1, 0]);
});

it("one that hangs is given up, and tried again", async () => {
  const hook = await hookServer((response, count) => (count === 1 ? undefined : status(200)(response)));
  expect(await tell(hook.address, { timeoutMs: 200 })).toBeNull();
  expect(hook.bodies).toHaveLength(2);
});

it("one that begins an answer and hangs has been told", async () => {
  const hook = await hookServer((response) => void response.writeHead(200).write("..."));
  expect(await tell(hook.address)).toBeNull();
});

it("one that is not there is named", async () => {
  expect(await tell("http://127.0.0.1:1/hook")).toBe("127.0.0.1:1 was not told: it cannot be reached");
});

it("nobody waits for a webhook when the server ends", async () => {
  const leave = new AbortController();
  const hook = await hookServer(() => leave.abort());
  expect(await tell(hook.address, {}, leave.signal)).toContain("Memwell was shutting down");
  expect(hook.bodies).toHaveLength(1);

  const pausing = new AbortController();
  const failing = await hookServer((response) => {
    status(503)(response);
    setTimeout(() => pausing.abort(), 20);
  });
  expect(await tell(failing.address, { pausesMs: [3_600_000] }, pausing.signal)).toContain("it answered 503");
});
