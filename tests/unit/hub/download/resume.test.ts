import {
  closeSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { discard } from "../../../../lib/hub/download/discard";
import { download } from "../../../../lib/hub/download/download";
import {
  blobsOf,
  downloadAll,
  downloadUntil,
  eventsOf,
  holdLock,
  isWhole,
  listingOf,
  outcomeOf,
  settingsFor,
  startHub,
} from "./helpers";

const hub = await startHub();
const SIZE = 12_000_000;
const CDN = /^\/cdn\//;
const repo = hub.createRepo("model", "org/name");
repo.commit({ "model.gguf": { size: SIZE, seed: 1 } });
const ETAG = repo.sha256Of("model.gguf");

/** A cache with a download that was stopped half way. */
async function halfDone() {
  const settings = settingsFor(hub);
  const listing = await listingOf(settings, repo);
  hub.rate = 30_000_000;
  const events = await downloadUntil(settings, listing, SIZE / 2);
  hub.rate = null;
  const blobs = join(settings.cacheDir, "models--org--name/blobs");
  const [name = ""] = blobsOf(settings, repo);
  return { settings, listing, events, blobs, partial: join(blobs, name) };
}

function overwrite(path: string, position: number, text: string): void {
  const descriptor = openSync(path, "r+");
  writeSync(descriptor, text, position);
  closeSync(descriptor);
}

it("pauses when it is stopped, and goes on where it was", async () => {
  const { settings, listing, events } = await halfDone();
  expect(outcomeOf(events)).toBe("aborted");
  expect(blobsOf(settings, repo)).toEqual([expect.stringMatching(new RegExp(`^${ETAG}\\.[0-9a-f]{8}\\.incomplete$`))]);
  const again = await downloadAll(settings, listing);
  expect(outcomeOf(again)).toBe("done");
  expect(eventsOf(again, "file")[0]?.received).toBeGreaterThanOrEqual(SIZE / 2);
  expect(hub.bytesSent(CDN)).toBeLessThan(SIZE * 1.1);
  expect(isWhole(settings, listing, repo, "model.gguf")).toBe(true);
  expect(blobsOf(settings, repo)).toEqual([ETAG]);
});

it("stops when nobody listens any more", async () => {
  const settings = settingsFor(hub);
  const listing = await listingOf(settings, repo);
  hub.rate = 10_000_000;
  for await (const event of download(settings, { listing, paths: ["model.gguf"] })) {
    if (event.type === "progress") break;
  }
  const sent = hub.bytesSent(CDN);
  hub.rate = null;
  expect(sent).toBeLessThan(SIZE);
  expect(outcomeOf(await downloadAll(settings, listing))).toBe("done");
});

it("does not begin when it was stopped before", async () => {
  const settings = settingsFor(hub);
  const listing = await listingOf(settings, repo);
  const events = await downloadAll(settings, listing, ["model.gguf"], { signal: AbortSignal.abort() });
  expect(events.map((event) => event.type)).toEqual(["failed"]);
  expect(outcomeOf(events)).toBe("aborted");
});

it.each([
  ["both records of what is there are damaged", (path: string) => overwrite(path, SIZE, "x".repeat(8192)), 0],
  ["it was cut off", (path: string) => writeFileSync(path, readFileSync(path).subarray(0, 1000)), 0],
  ["it is as long as the whole and has no record", (path: string) => truncateSync(path, SIZE), SIZE],
  ["a byte of it is wrong", (path: string) => overwrite(path, 10, "wrong"), SIZE / 2],
  ["somebody else's file stands there", (path: string) => copyFileSync(process.execPath, path), 0],
])("ends with the right file when %s", async (_, damage, resumed) => {
  const { settings, listing, partial } = await halfDone();
  damage(partial);
  const events = await downloadAll(settings, listing);
  expect(eventsOf(events, "file")[0]?.received).toBeGreaterThanOrEqual(resumed);
  if (resumed === 0) expect(eventsOf(events, "file")[0]?.received).toBe(0);
  expect(outcomeOf(events)).toBe("done");
  expect(isWhole(settings, listing, repo, "model.gguf")).toBe(true);
});

it("follows no link that stands where the partial file would be", async () => {
  const { settings, listing, partial } = await halfDone();
  const outside = join(settings.cacheDir, "../mine");
  writeFileSync(outside, "mine");
  rmSync(partial);
  symlinkSync(outside, partial);
  expect(outcomeOf(await downloadAll(settings, listing))).toBe("cache_invalid");
  expect(readFileSync(outside, "utf8")).toBe("mine");
});

it("loses nothing to a record that was being written when the process was killed", async () => {
  const { settings, listing, partial } = await halfDone();
  const [first, second] = [SIZE, SIZE + 4096].map((at) => readFileSync(partial).toString("utf8", at, at + 200));
  const sequence = (record = "") => Number(/"sequence":(\d+)/.exec(record)?.[1]);
  overwrite(partial, (sequence(first) > sequence(second) ? SIZE : SIZE + 4096) + 100, "torn");
  const events = await downloadAll(settings, listing);
  expect(eventsOf(events, "file")[0]?.received).toBeGreaterThan(SIZE / 3);
  expect(isWhole(settings, listing, repo, "model.gguf")).toBe(true);
});

it("starts from what an older huggingface_hub left", async () => {
  const settings = settingsFor(hub);
  const listing = await listingOf(settings, repo);
  const theirs = join(settings.cacheDir, "models--org--name/blobs", `${ETAG}.incomplete`);
  mkdirSync(dirname(theirs), { recursive: true });
  writeFileSync(theirs, repo.contentOf("model.gguf").subarray(0, 9_000_000));
  const events = await downloadAll(settings, listing);
  expect(eventsOf(events, "file")[0]?.received).toBe(9_000_000);
  expect(hub.bytesSent(CDN)).toBe(SIZE - 9_000_000);
  expect(isWhole(settings, listing, repo, "model.gguf")).toBe(true);
  expect(blobsOf(settings, repo)).toEqual([ETAG]);
});

it("throws away what a cancelled download left", async () => {
  const { settings, listing } = await halfDone();
  const { freed_size, in_use } = await discard(settings, listing, ["model.gguf"]);
  expect(freed_size).toBeGreaterThanOrEqual(SIZE / 2);
  expect(in_use).toEqual([]);
  expect(blobsOf(settings, repo)).toEqual([]);
});

it("leaves a download that another process is at", async () => {
  const { settings, listing } = await halfDone();
  const holder = await holdLock(join(settings.cacheDir, ".locks/models--org--name", `${ETAG}.lock`));
  expect(await discard(settings, listing, ["model.gguf"])).toEqual({ freed_size: 0, in_use: ["model.gguf"] });
  await holder.release();
  expect(blobsOf(settings, repo)).toHaveLength(1);
});

it("waits for another process that downloads the same file, then takes what it left", async () => {
  const settings = settingsFor(hub);
  const listing = await listingOf(settings, repo);
  const lockPath = join(settings.cacheDir, ".locks/models--org--name", `${ETAG}.lock`);
  mkdirSync(dirname(lockPath), { recursive: true });
  const holder = await holdLock(lockPath);
  const types: string[] = [];
  for await (const event of download(settings, { listing, paths: ["model.gguf"] })) {
    types.push(event.type);
    if (event.type !== "waiting") continue;
    expect(hub.bytesSent(CDN)).toBe(0);
    const blob = join(settings.cacheDir, "models--org--name/blobs", ETAG);
    writeFileSync(blob, repo.contentOf("model.gguf"));
    await holder.release();
  }
  expect(types).toEqual(["waiting", "file", "file-done", "done"]);
  expect(hub.bytesSent(CDN)).toBe(0);
  expect(lstatSync(lockPath).isFile()).toBe(true);
});

it("can be stopped while it waits", async () => {
  const settings = settingsFor(hub);
  const listing = await listingOf(settings, repo);
  const lockPath = join(settings.cacheDir, ".locks/models--org--name", `${ETAG}.lock`);
  mkdirSync(dirname(lockPath), { recursive: true });
  const holder = await holdLock(lockPath);
  const stop = new AbortController();
  const events = [];
  for await (const event of download(settings, { listing, paths: ["model.gguf"] }, { signal: stop.signal })) {
    events.push(event);
    if (event.type === "waiting") stop.abort();
  }
  await holder.release();
  expect(outcomeOf(events)).toBe("aborted");
});

it("fetches a file once when two ask for it at once", async () => {
  const settings = settingsFor(hub);
  const listing = await listingOf(settings, repo);
  const both = await Promise.all([downloadAll(settings, listing), downloadAll(settings, listing)]);
  expect(both.map(outcomeOf)).toEqual(["done", "done"]);
  expect(hub.bytesSent(CDN)).toBe(SIZE);
});
