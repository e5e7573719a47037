import { createServer, type AddressInfo } from "node:net";
import { expect, it } from "vitest";
import type { DownloadEvent } from "../../../../lib/hub/download/contract";
import { download } from "../../../../lib/hub/download/download";
import { listRepo } from "../../../../lib/hub/client/listing";
import type { Fault } from "../../../fixtures/hub-server";
import {
  blobsOf,
  downloadAll,
  eventsOf,
  IMPATIENT,
  isWhole,
  listingOf,
  outcomeOf,
  settingsFor,
  startHub,
} from "./helpers";
import { failureOf } from "../helpers";

const hub = await startHub();
const SIZE = 20_000_000;
const repo = hub.createRepo("model", "org/name");
repo.commit({ "model.gguf": { size: SIZE, seed: 1 }, "small.json": JSON.stringify({ text: "x".repeat(5000) }) });
const [CDN, HUB] = [/^\/cdn\//, /resolve/];

/** What passes: the file is right in the end, and at most so many bytes were sent for it. */
const PASSING: [what: string, faults: Fault[], most: number][] = [
  ["connections that are cut before they answer", [{ match: CDN, times: 3, do: "cut" }], SIZE],
  ["connections that are cut again and again", [{ match: CDN, times: 12, after: 1_500_000, do: "cut" }], SIZE * 1.4],
  ["a connection that stalls before it answers", [{ match: CDN, times: 1, do: "stall" }], SIZE],
  ["connections that stall in the middle", [{ match: CDN, times: 2, after: 3_000_000, do: "stall" }], SIZE * 1.4],
  ["a Hub that is down for a moment", [{ match: HUB, times: 2, do: { status: 503 } }], SIZE],
  ["a storage server that fails for a moment", [{ match: CDN, times: 2, do: { status: 500 } }], SIZE],
  ["a request that took too long", [{ match: CDN, times: 2, do: { status: 408 } }], SIZE],
  ["too many requests", [{ match: CDN, times: 2, do: { status: 429, headers: { "Retry-After": "0" } } }], SIZE],
  [
    "too many requests, with a date to come back at",
    [{ match: HUB, times: 2, do: { status: 429, headers: { "Retry-After": "Thu, 01 Jan 2099 00:00:00 GMT" } } }],
    SIZE,
  ],
  ["an address that has expired", [{ match: CDN, times: 3, do: { status: 403 } }], SIZE],
  ["a range that is said to be past the end", [{ match: CDN, times: 1, do: { status: 416 } }], SIZE],
  ["a body shorter than the range", [{ match: CDN, times: 2, after: 1000, do: "wrong-length" }], SIZE * 1.4],
  ["a server that knows no ranges", [{ match: CDN, do: "ignore-range" }], SIZE * 2],
  [
    "a server that knows no ranges and cuts",
    [
      { match: CDN, do: "ignore-range" },
      { match: CDN, times: 3, after: 9_000_000, do: "cut" },
    ],
    SIZE * 4,
  ],
];

it.each(PASSING)("gets over %s", async (_, faults, most) => {
  const settings = settingsFor(hub);
  const listing = await listingOf(settings, repo);
  for (const fault of faults) hub.faults.add(fault);
  const stalls = faults.some((fault) => fault.do === "stall");
  const patience = stalls ? { ...IMPATIENT, retries: 10, stallMs: 300 } : IMPATIENT;
  const events = await downloadAll(settings, listing, ["model.gguf"], { patience });
  expect(outcomeOf(events)).toBe("done");
  expect(isWhole(settings, listing, repo, "model.gguf")).toBe(true);
  expect(hub.bytesSent(CDN)).toBeLessThanOrEqual(most);
  expect(blobsOf(settings, repo)).toEqual([repo.sha256Of("model.gguf")]);
});

it("asks for a new address when the signature expires on the way", async () => {
  const settings = settingsFor(hub);
  const listing = await listingOf(settings, repo);
  hub.faults.add({ match: CDN, times: 3, after: 2_000_000, do: "cut" });
  hub.rate = 40_000_000;
  const events: DownloadEvent[] = [];
  const request = { listing, paths: ["model.gguf"] };
  for await (const event of download(settings, request, { patience: IMPATIENT })) {
    if (event.type === "progress" && eventsOf(events, "progress").length === 0) hub.signer.expireAll();
    events.push(event);
  }
  expect(outcomeOf(events)).toBe("done");
  expect(hub.requests.filter(({ method }) => method === "HEAD").length).toBeGreaterThan(1);
  expect(isWhole(settings, listing, repo, "model.gguf")).toBe(true);
});

it("reads a text that the server would rather compress", async () => {
  const settings = settingsFor(hub);
  const listing = await listingOf(settings, repo);
  expect(outcomeOf(await downloadAll(settings, listing, ["small.json"]))).toBe("done");
  expect(isWhole(settings, listing, repo, "small.json")).toBe(true);
});

it("says what it waits for", async () => {
  const settings = settingsFor(hub);
  const listing = await listingOf(settings, repo);
  hub.faults.add({ match: CDN, times: 1, do: { status: 503 } });
  const [retrying] = eventsOf(await downloadAll(settings, listing, ["model.gguf"]), "retrying");
  expect(retrying).toMatchObject({ path: "model.gguf", error: { code: "hub_unavailable", fields: { status: 503 } } });
});

/** What does not pass: the code of the last event. */
const LASTING: [what: string, fault: Fault, code: string][] = [
  ["a Hub that stays down", { match: HUB, do: { status: 503 } }, "hub_unavailable"],
  ["a storage server that always cuts", { match: CDN, do: "cut" }, "hub_unavailable"],
  ["a rate limit that stays", { match: CDN, do: { status: 429 } }, "hub_rate_limited"],
  ["an address that always expires", { match: CDN, do: { status: 403 } }, "hub_unavailable"],
  ["a server that always sends less", { match: CDN, after: 10, do: "wrong-length" }, "hub_unavailable"],
  ["bytes that are wrong", { match: CDN, do: "corrupt" }, "download_corrupt"],
];

it.each(LASTING)("gives up on %s, and says so", async (_, fault, code) => {
  const settings = settingsFor(hub);
  const listing = await listingOf(settings, repo);
  hub.faults.add(fault);
  const events = await downloadAll(settings, listing, ["model.gguf"]);
  expect(outcomeOf(events)).toBe(code);
  expect(blobsOf(settings, repo)).not.toContain(repo.sha256Of("model.gguf"));
  if (code === "download_corrupt") expect(blobsOf(settings, repo)).toEqual([]);
});

it("never shows the token to the storage server", async () => {
  const settings = settingsFor(hub, { token: hub.token });
  const listing = await listingOf(settings, repo);
  expect(outcomeOf(await downloadAll(settings, listing))).toBe("done");
  const tokens = (server: string) =>
    new Set(hub.requests.filter((request) => request.server === server).map((request) => request.authorization));
  expect(tokens("hub")).toEqual(new Set([`Bearer ${hub.token}`]));
  expect(tokens("cdn")).toEqual(new Set([null]));
});

it("follows a repository to its new name", async () => {
  const settings = settingsFor(hub);
  const moved = hub.createRepo("model", "org/old");
  moved.commit({ "model.gguf": { size: 1000, seed: 9 }, "a.txt": "text" });
  hub.renameRepo(moved, "org/new");
  const listing = await listRepo(settings, { repo_type: "model", repo_id: "org/old" }, "main");
  expect(outcomeOf(await downloadAll(settings, listing))).toBe("done");
  expect(isWhole(settings, listing, moved, "model.gguf")).toBe(true);
});

it("says when nobody answers", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const settings = settingsFor(hub, { endpoint: `http://127.0.0.1:${port}` });
  const failure = await failureOf(listingOf(settings, repo));
  expect(failure).toMatchObject({ code: "hub_unavailable", fields: { system_code: "ECONNREFUSED" } });
});
