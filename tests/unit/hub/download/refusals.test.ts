import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect, it } from "vitest";
import type { ErrorCode } from "../../../../lib/errors";
import { listRepo } from "../../../../lib/hub/client/listing";
import { readRange } from "../../../../lib/hub/client/range";
import { downloadAll, IMPATIENT, listingOf, outcomeOf, settingsFor, startHub } from "./helpers";
import { failureOf } from "../helpers";

const hub = await startHub();
const repo = hub.createRepo("model", "org/name");
repo.commit({ "a/model-Q4_K_M.gguf": { size: 100_000, seed: 1 }, "model-Q8_0.gguf": { size: 1000, seed: 2 } });
hub.createRepo("model", "org/private", { private: true });
hub.createRepo("model", "org/gated", { gated: true }).commit({ "model.gguf": { size: 1000, seed: 3 } });

const named = (id: string) => ({ repo_type: "model" as const, repo_id: id });

/** Who asks for what, the error's code, and what its message says to do. */
const REFUSED: [who: string, id: string, revision: string, token: string | null, code: ErrorCode, advice: RegExp][] = [
  ["nobody, a missing repository", "org/none", "main", null, "repo_not_found", /private.*set HF_TOKEN/],
  ["somebody, a missing repository", "org/none", "main", "token", "repo_not_found", /account of HF_TOKEN may see it/],
  ["nobody, a private repository", "org/private", "main", null, "repo_not_found", /set HF_TOKEN/],
  ["an outsider, a private repository", "org/private", "main", "outsider", "repo_not_found", /looks missing to others/],
  ["an unknown token", "org/name", "main", "hf_unknown", "hub_unauthorized", /settings\/tokens/],
  ["a missing revision", "org/name", "v9", null, "revision_not_found", /no revision "v9"/],
  ["a name that is none", "../x", "main", null, "invalid_request", /ORG\/NAME/],
];

it.each(REFUSED)("tells %s what to do", async (_, id, revision, token, code, advice) => {
  const tokens: Record<string, string> = { token: hub.token, outsider: hub.outsiderToken };
  const settings = settingsFor(hub, { token: token === null ? null : (tokens[token] ?? token) });
  const failure = await failureOf(listRepo(settings, named(id), revision, { patience: IMPATIENT }));
  expect(failure.code).toBe(code);
  expect(failure.message).toMatch(advice);
});

it.each([
  ["without a token", null, /accept them, then set HF_TOKEN/],
  [
    "with the token of an account that was not let in",
    hub.outsiderToken,
    /make sure HF_TOKEN is a token of that account/,
  ],
])("leads to the terms of a gated repository %s", async (_, token, advice) => {
  const settings = settingsFor(hub, { token });
  const listing = await listRepo(settings, named("org/gated"), "main");
  const last = (await downloadAll(settings, listing)).at(-1);
  expect(last).toMatchObject({ type: "failed", error: { code: "repo_gated", message: expect.stringMatching(advice) } });
  expect(last).toMatchObject({ error: { message: expect.stringContaining(`${hub.url}/org/gated`) } });
});

it("lets those in who may, and reads pages to the last", async () => {
  const settings = settingsFor(hub, { token: hub.readToken });
  const many = hub.createRepo("dataset", "org/many", { private: true });
  many.commit(Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`folder/${index}.txt`, `${index}`])));
  hub.pageSize = 10;
  const listing = await listingOf(settings, many);
  hub.pageSize = 1000;
  expect(listing.files).toHaveLength(25);
});

it("names the files that are most like one that is missing", async () => {
  const settings = settingsFor(hub);
  const listing = await listingOf(settings, repo);
  const last = (await downloadAll(settings, listing, ["model-Q4_K_M.gguf"])).at(-1);
  expect(last).toMatchObject({
    error: { code: "file_not_found", fields: { near: ["a/model-Q4_K_M.gguf", "model-Q8_0.gguf"] } },
  });
});

it("asks nothing of the Hub in offline mode", async () => {
  const settings = settingsFor(hub);
  const listing = await listingOf(settings, repo);
  hub.requests.length = 0;
  const offline = { ...settings, offline: true };
  expect((await failureOf(listRepo(offline, named("org/name"), "main"))).code).toBe("hub_offline");
  expect((await failureOf(readRange(offline, listing, "model-Q8_0.gguf", 0, 10))).code).toBe("hub_offline");
  expect(outcomeOf(await downloadAll(offline, listing))).toBe("hub_offline");
  expect(hub.requests).toEqual([]);
});

const HOSTILE = [
  "../../x",
  "/etc/x",
  "a/../../../x",
  "a\\..\\x",
  "C:x",
  "C:\\x",
  "a//b",
  "a/./b",
  "a\0b",
  "a\nb",
  "a/",
];

it.each(HOSTILE)("refuses a file that the Hub names %j", async (name) => {
  const settings = settingsFor(hub);
  const listing = await listingOf(settings, repo);
  const file = { path: name, size: 1, etag: "0".repeat(40), lfs: false };
  const events = await downloadAll(settings, { ...listing, files: [...listing.files, file] }, [name]);
  expect(outcomeOf(events)).toBe("hub_refused");
  expect(existsSync(settings.cacheDir)).toBe(false);
});

it.each(["../main", "/main", "a\\b", ""])("refuses to write a ref named %j", async (revision) => {
  const settings = settingsFor(hub);
  const listing = { ...(await listingOf(settings, repo)), revision };
  expect(outcomeOf(await downloadAll(settings, listing))).toBe("invalid_request");
  expect(existsSync(settings.cacheDir)).toBe(false);
});

it.each([
  ["another commit", { "X-Repo-Commit": "0".repeat(40), ETag: `"${"0".repeat(40)}"` }],
  ["an ETag that is no hash", { "X-Repo-Commit": repo.find("main")?.id ?? "", ETag: '"../../x"' }],
])("refuses an answer about %s", async (_, headers) => {
  const settings = settingsFor(hub);
  const listing = await listingOf(settings, repo);
  hub.faults.add({ match: /resolve/, do: { status: 200, headers } });
  expect(outcomeOf(await downloadAll(settings, listing))).toBe("hub_refused");
  expect(existsSync(settings.cacheDir)).toBe(false);
});

it("refuses to follow a file to anything but a web address", async () => {
  const settings = settingsFor(hub);
  const listing = await listingOf(settings, repo);
  const headers = {
    "X-Repo-Commit": listing.commit_hash,
    "X-Linked-ETag": `"${"0".repeat(64)}"`,
    "X-Linked-Size": "10",
    Location: "file:///etc/passwd",
  };
  hub.faults.add({ match: /resolve/, do: { status: 302, headers } });
  expect(outcomeOf(await downloadAll(settings, listing))).toBe("hub_refused");
});

it("refuses a list of files that is none", async () => {
  const settings = settingsFor(hub);
  hub.faults.add({ match: /\/tree\//, do: { status: 200, body: JSON.stringify([{ type: "file", path: 7 }]) } });
  expect((await failureOf(listingOf(settings, repo))).code).toBe("hub_refused");
});

it("refuses a list with a path that no disk can hold, by its name", async () => {
  const settings = settingsFor(hub);
  const entry = { type: "file", path: `deep/${"x".repeat(4092)}`, size: 1, oid: "0".repeat(40) };
  hub.faults.add({ match: /\/tree\//, do: { status: 200, body: JSON.stringify([entry]) } });
  const error = await failureOf(listingOf(settings, repo));
  expect(error).toMatchObject({ code: "hub_refused", message: expect.stringContaining("4097 characters") });
  expect(error.message).toContain("deep/xxx");
});

it.each([
  ["in HF_TOKEN", "hf_dam\u0000aged", ""],
  ["in HF_TOKEN", "hf_däm", ""],
  ["token", null, "hf_dam\u001baged"],
])("says that the token %s is damaged, without a word of it", async (place, token, inFile) => {
  const settings = settingsFor(hub, { token });
  mkdirSync(dirname(settings.tokenPath), { recursive: true });
  writeFileSync(settings.tokenPath, inFile);
  const error = await failureOf(listingOf(settings, repo));
  expect(error).toMatchObject({ code: "hub_unauthorized", message: expect.stringContaining(place) });
  expect(error.message).not.toMatch(/hf_d/);
  expect(hub.requests).toEqual([]);
});

it("reads a part of a file, and no further than its end", async () => {
  const settings = settingsFor(hub, { token: hub.token });
  const listing = await listingOf(settings, repo);
  const content = repo.contentOf("a/model-Q4_K_M.gguf");
  hub.faults.add({ match: /^\/cdn\//, times: 1, after: 100, do: "cut" });
  const read = (start: number, end: number) =>
    readRange(settings, listing, "a/model-Q4_K_M.gguf", start, end, { patience: IMPATIENT });
  expect((await read(10, 5000)).equals(content.subarray(10, 5000))).toBe(true);
  expect((await read(99_000, 200_000)).equals(content.subarray(99_000))).toBe(true);
  expect(await read(100_000, 100_010)).toHaveLength(0);
  expect(hub.bytesSent(/^\/cdn\//)).toBeLessThan(10_000);
});

it("says how much is missing when the disk cannot take it, before it makes anything", async () => {
  const settings = settingsFor(hub);
  const listing = await listingOf(settings, repo);
  const huge = { path: "huge.gguf", size: 1e15, etag: "a".repeat(64), lfs: true };
  const last = (await downloadAll(settings, { ...listing, files: [...listing.files, huge] }, ["huge.gguf"])).at(-1);
  expect(last).toMatchObject({ error: { code: "disk_full", fields: { needed_bytes: 1e15 } } });
  expect(last).toMatchObject({ error: { message: expect.stringContaining("memwell cache prune") } });
  expect(existsSync(settings.cacheDir)).toBe(false);
});
