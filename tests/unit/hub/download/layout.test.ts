import { lstatSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { scanCache } from "../../../../lib/hub/scan/scan";
import {
  blobsOf,
  isWhole,
  downloadAll,
  eventsOf,
  listingOf,
  outcomeOf,
  settingsFor,
  snapshotFile,
  startHub,
} from "./helpers";

const hub = await startHub();
const repo = hub.createRepo("model", "org/name");
const FILES = { "model.gguf": { size: 3_000_000, seed: 1 }, "a folder/b/small.txt": "text", "empty.txt": "" };
repo.commit(FILES);

it("leaves what huggingface_hub leaves: blobs by hash, relative links, a ref without a newline, the tag", async () => {
  const settings = settingsFor(hub);
  const listing = await listingOf(settings, repo);
  const events = await downloadAll(settings, listing);

  expect(outcomeOf(events)).toBe("done");
  expect(blobsOf(settings, repo)).toEqual(listing.files.map((file) => file.etag).sort());
  const nested = snapshotFile(settings, listing, "a folder/b/small.txt");
  const etag = listing.files.find((file) => file.path === "a folder/b/small.txt")?.etag ?? "";
  expect(readlinkSync(nested)).toBe(`../../../../blobs/${etag}`);
  expect(lstatSync(join(dirname(nested), "../../../../blobs", etag)).mode & 0o777).toBe(0o666 & ~process.umask());
  expect(readFileSync(join(settings.cacheDir, "models--org--name/refs/main"), "utf8")).toBe(listing.commit_hash);
  expect(readFileSync(join(settings.cacheDir, "CACHEDIR.TAG"), "utf8")).toMatch(
    /^Signature: 8a477f597d28d172789f06886806bc55\n/,
  );
  for (const path of Object.keys(FILES)) expect(isWhole(settings, listing, repo, path)).toBe(true);
  const scan = await scanCache(settings.cacheDir);
  expect(scan).toMatchObject({ size_on_disk: 3_000_004, nb_repos: 1, warnings: [], incomplete: [] });
});

it("asks for nothing that the snapshot has", async () => {
  const settings = settingsFor(hub);
  const listing = await listingOf(settings, repo);
  await downloadAll(settings, listing);
  hub.requests.length = 0;
  const events = await downloadAll(settings, listing);
  expect(hub.requests).toEqual([]);
  expect(eventsOf(events, "file-done").map((event) => event.downloaded)).toEqual([false, false, false]);
});

it("links a blob that an earlier revision brought", async () => {
  const settings = settingsFor(hub);
  const other = hub.createRepo("dataset", "org/data");
  other.commit({ "big.bin": { size: 2_000_000, seed: 2 } });
  await downloadAll(settings, await listingOf(settings, other));
  other.commit({ "readme.md": "new" });
  hub.requests.length = 0;
  const listing = await listingOf(settings, other);
  const events = await downloadAll(settings, listing);
  expect(outcomeOf(events)).toBe("done");
  expect(isWhole(settings, listing, other, "big.bin")).toBe(true);
  expect(hub.bytesSent(/^\/cdn\//)).toBe(0);
});

it.each([
  ["a pull request", () => repo.pullRequest({ "new.txt": "proposed" }), "refs/refs/pr/1"],
  ["a tag", () => (repo.tag("v1"), "v1"), "refs/v1"],
])("names the revision of %s as huggingface_hub does", async (_, make, path) => {
  const settings = settingsFor(hub);
  const listing = await listingOf(settings, repo, make());
  await downloadAll(settings, listing, ["empty.txt"]);
  expect(readFileSync(join(settings.cacheDir, "models--org--name", path), "utf8")).toBe(listing.commit_hash);
});

it("writes no ref for a commit", async () => {
  const settings = settingsFor(hub);
  const { commit_hash } = await listingOf(settings, repo);
  const listing = await listingOf(settings, repo, commit_hash);
  expect(outcomeOf(await downloadAll(settings, listing, ["empty.txt"]))).toBe("done");
  expect(lstatSync(join(settings.cacheDir, "models--org--name/refs"), { throwIfNoEntry: false })).toBeUndefined();
});

it("moves a ref only once what was asked for is whole", async () => {
  const settings = settingsFor(hub);
  const moving = hub.createRepo("model", "org/moving");
  moving.commit({ "a.gguf": { size: 1000, seed: 3 }, "b.gguf": { size: 1000, seed: 4 } });
  const before = await listingOf(settings, moving);
  await downloadAll(settings, before);
  moving.commit({ "a.gguf": { size: 1000, seed: 5 }, "b.gguf": { size: 1000, seed: 6 } });
  const after = await listingOf(settings, moving);
  const ref = join(settings.cacheDir, "models--org--moving/refs/main");
  hub.faults.add({ match: /b\.gguf/, do: { status: 403 } });
  expect(outcomeOf(await downloadAll(settings, after))).toBe("hub_unauthorized");
  expect(readFileSync(ref, "utf8")).toBe(before.commit_hash);
  hub.faults.clear();
  expect(outcomeOf(await downloadAll(settings, after))).toBe("done");
  expect(readFileSync(ref, "utf8")).toBe(after.commit_hash);
});

it("leaves a blob of the shared store where it is", async () => {
  const settings = settingsFor(hub);
  const listing = await listingOf(settings, repo);
  const etag = repo.sha256Of("model.gguf");
  const payload = join(settings.cacheDir, "blobs/aa", "a".repeat(64));
  const blob = join(settings.cacheDir, "models--org--name/blobs", etag);
  for (const path of [payload, blob]) mkdirSync(dirname(path), { recursive: true });
  writeFileSync(payload, repo.contentOf("model.gguf"));
  symlinkSync(`../../blobs/aa/${"a".repeat(64)}`, blob);
  hub.requests.length = 0;
  expect(outcomeOf(await downloadAll(settings, listing, ["model.gguf"]))).toBe("done");
  expect(lstatSync(blob).isSymbolicLink()).toBe(true);
  expect(readlinkSync(snapshotFile(settings, listing, "model.gguf"))).toBe(`../../blobs/${etag}`);
  expect(hub.bytesSent(/^\/cdn\//)).toBe(0);
});

it("replaces a link that leads nowhere, and a blob that was cut short", async () => {
  const settings = settingsFor(hub);
  const listing = await listingOf(settings, repo);
  const blob = join(settings.cacheDir, "models--org--name/blobs", repo.sha256Of("model.gguf"));
  const shown = snapshotFile(settings, listing, "model.gguf");
  for (const path of [blob, shown]) mkdirSync(dirname(path), { recursive: true });
  writeFileSync(blob, "cut short");
  symlinkSync("../../blobs/none", shown);
  expect(outcomeOf(await downloadAll(settings, listing, ["model.gguf"]))).toBe("done");
  expect(isWhole(settings, listing, repo, "model.gguf")).toBe(true);
});

it("touches nothing where a snapshot's folder leads out of the cache", async () => {
  const settings = settingsFor(hub);
  const listing = await listingOf(settings, repo);
  const outside = join(settings.xetDir, "b/small.txt");
  mkdirSync(dirname(outside), { recursive: true });
  writeFileSync(outside, "mine");
  mkdirSync(dirname(snapshotFile(settings, listing, "x")), { recursive: true });
  symlinkSync(settings.xetDir, snapshotFile(settings, listing, "a folder"));
  writeFileSync(outside, "other");
  expect(outcomeOf(await downloadAll(settings, listing, ["a folder/b/small.txt"]))).toBe("cache_invalid");
  expect(readFileSync(outside, "utf8")).toBe("other");
});

it("counts on one final event, whatever happens, and never more bytes than there are", async () => {
  const settings = settingsFor(hub);
  hub.rate = 6_000_000;
  const listing = await listingOf(settings, repo);
  const events = await downloadAll(settings, listing);
  expect(events.filter((event) => event.type === "done" || event.type === "failed")).toHaveLength(1);
  const received = eventsOf(events, "progress").map((event) => event.total_received);
  expect(received).toEqual([...received].sort((left, right) => left - right));
  expect(received.at(-1)).toBe(3_000_004);
  const rates = eventsOf(events, "progress").map((event) => event.bytes_per_second);
  expect(Math.max(...rates.slice(-2))).toBeGreaterThan(1_000_000);
});
