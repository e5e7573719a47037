import { randomBytes } from "node:crypto";
import { appendFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ErrorRecord } from "../../../lib/errors";
import { publish } from "../../../lib/hub/publish/publish";
import type { PublishEvent, PublishFile, PublishOptions, PublishRequest } from "../../../lib/hub/publish/contract";
import type { HubSettings } from "../../../lib/hub/settings";
import { HubServer, type HubRepo } from "../../fixtures/hub-server";
import { scratchFolder } from "./helpers";

let hub: HubServer;
let count = 0;
let target: string;
const folder = scratchFolder();
const IMPATIENT = { retries: 2, firstWaitMs: 1, longestWaitMs: 5, stallMs: 1000 };

beforeAll(async () => {
  hub = await HubServer.start();
});
beforeEach(() => {
  target = `org/model-${++count}`;
});
afterEach(() => hub.faults.clear());
afterAll(() => hub.close());

function file(name: string, bytes: Uint8Array | string): PublishFile {
  const path = join(folder, `${++count} ünd #${name.replaceAll("/", "_")}`);
  writeFileSync(path, bytes);
  return { path, name };
}

function settings(changes: Partial<HubSettings> = {}): HubSettings {
  const none = join(folder, "none");
  const places = { cacheDir: none, xetDir: none, assetsDir: none, tokenPath: none };
  return { ...places, endpoint: hub.url, token: hub.token, offline: false, ...changes };
}

function asked(files: PublishFile[], changes: Partial<PublishRequest> = {}): PublishRequest {
  return { repo: { repo_type: "model", repo_id: target }, files, ...changes };
}

async function run(request: PublishRequest, changes: Partial<HubSettings> = {}, options: PublishOptions = {}) {
  const events: PublishEvent[] = [];
  const stream = publish(settings(changes), request, { patience: IMPATIENT, ...options });
  for await (const event of stream) events.push(event);
  return events;
}

type Done = Extract<PublishEvent, { type: "done" }>;

async function done(request: PublishRequest, changes?: Partial<HubSettings>): Promise<Done> {
  const last = (await run(request, changes)).at(-1);
  if (last?.type !== "done") throw new Error(JSON.stringify(last));
  return last;
}

function failureIn(events: PublishEvent[]): ErrorRecord {
  const finals = events.filter(({ type }) => type === "done" || type === "failed");
  expect(finals).toHaveLength(1);
  const last = events.at(-1);
  if (last?.type !== "failed") throw new Error("it did not fail");
  return last.error;
}

function published(): HubRepo {
  const repo = hub.repo("models", target);
  if (repo === undefined) throw new Error(`${target} was not created`);
  return repo;
}

function uploadsOf(name = target) {
  const commits = hub.requests.filter(({ url }) => url.includes(`${name}/commit/`)).length;
  return { commits, puts: hub.requests.filter(({ method }) => method === "PUT").length };
}

describe("a first upload", () => {
  it("creates a private repository and puts every file there, byte for byte", async () => {
    hub.multipart = { above: 1_000_000, partSize: 300_000 };
    const bytes = {
      "README.md": "# Hello",
      "model.gguf": randomBytes(100_000),
      "q/large.gguf": randomBytes(2_000_000),
    };
    const files = Object.entries(bytes).map(([name, content]) => file(name, content));
    const events = await run(asked(files, { message: "First" }));
    expect(events[0]).toEqual({ type: "repo", repo_id: target, url: `${hub.url}/${target}`, created: true });
    expect(published().isPrivate).toBe(true);
    expect(published().find("main")?.title).toBe("First");
    for (const [name, content] of Object.entries(bytes)) {
      expect(published().contentOf(name).equals(Buffer.from(content))).toBe(true);
    }
    expect(events.at(-1)).toEqual({
      type: "done",
      commit_hash: published().find("main")?.id,
      url: `${hub.url}/${target}`,
      uploaded: Object.keys(bytes),
      skipped: [],
    });
  });

  it("tells how far it is, phase by phase, up to the last byte", async () => {
    const events = await run(asked([file("model.gguf", randomBytes(12_000_000)), file("a.txt", "12345")]));
    const told = events.filter((event) => event.type === "progress");
    const phases = [...new Set(told.map(({ phase }) => phase))];
    expect(phases).toEqual(["hashing", "uploading", "committing"]);
    for (const phase of phases) {
      const bytes = told.filter((event) => event.phase === phase).map((event) => event.bytes);
      expect(bytes).toEqual([...bytes].sort((a, b) => a - b));
      expect([bytes[0], bytes.at(-1)]).toEqual([0, 12_000_005]);
    }
    expect(new Set(told.map(({ total }) => total))).toEqual(new Set([12_000_005]));
  });

  it("makes it public when asked", async () => {
    await done(asked([file("a.txt", "1")], { private: false }));
    expect(published().isPrivate).toBe(false);
  });

  it("publishes under the user's own name when none is given", async () => {
    const repo = { repo_type: "model" as const, repo_id: `mine-${count}` };
    const { url } = await done(asked([file("a.txt", "1")], { repo }));
    expect(url).toBe(`${hub.url}/tester/mine-${count - 1}`);
  });

  it("sends the token to the Hub and to nobody else, whatever it looks like", async () => {
    const before = hub.requests.length;
    hub.access.tokens.write = "corporate-token";
    await done(asked([file("model.gguf", randomBytes(1000))]), { token: "corporate-token" });
    hub.access.tokens.write = hub.token;
    const seen = hub.requests.slice(before).map(({ server, authorization }) => `${server} ${authorization}`);
    expect(new Set(seen)).toEqual(new Set(["hub Bearer corporate-token", "cdn null"]));
  });

  it("publishes to a data set too", async () => {
    const { url } = await done(asked([file("a.txt", "1")], { repo: { repo_type: "dataset", repo_id: target } }));
    expect(url).toBe(`${hub.url}/datasets/${target}`);
    expect(hub.repo("datasets", target)?.contentOf("a.txt").toString()).toBe("1");
  });
});

describe("a second upload", () => {
  it("sends nothing when everything is there", async () => {
    const files = [file("a.txt", "same"), file("model.gguf", randomBytes(5000)), file("empty.txt", "")];
    const first = await done(asked(files));
    const before = uploadsOf();
    const events = await run(asked(files));
    expect(events[0]).toMatchObject({ type: "repo", created: false });
    expect(events.filter(({ type }) => type === "skipped")).toHaveLength(3);
    expect(events.at(-1)).toMatchObject({ type: "done", commit_hash: first.commit_hash, uploaded: [] });
    expect(uploadsOf()).toEqual(before);
  });

  it("sends what has changed, even when the size has not, and keeps the rest", async () => {
    const same = file("same.gguf", randomBytes(5000));
    await done(asked([same, file("model.gguf", randomBytes(5000)), file("a.txt", "old")]));
    const [model, text] = [randomBytes(5000), "new"];
    const second = await done(asked([same, file("model.gguf", model), file("a.txt", text)]));
    expect(second).toMatchObject({ uploaded: ["model.gguf", "a.txt"], skipped: ["same.gguf"] });
    expect(published().contentOf("model.gguf").equals(model)).toBe(true);
    expect(published().contentOf("a.txt").toString()).toBe(text);
    expect(published().files()).toHaveLength(3);
  });

  it("leaves a public repository public", async () => {
    hub.createRepo("model", target);
    await done(asked([file("a.txt", "1")]));
    expect(published().isPrivate).toBe(false);
  });

  it("sends no large file again whose upload ended before the commit failed", async () => {
    const files = [file("model.gguf", randomBytes(5000))];
    hub.faults.add({ match: /\/commit\//, times: 1, do: { status: 500 } });
    expect(failureIn(await run(asked(files))).code).toBe("hub_unavailable");
    const before = uploadsOf().puts;
    await done(asked(files));
    expect(uploadsOf().puts).toBe(before);
  });
});

describe("an upload that meets trouble", () => {
  it.each([
    ["a storage server that fails", { do: { status: 503 } }],
    ["a cut connection", { do: "cut" }],
  ] as const)("goes on after %s", async (_name, fault) => {
    const bytes = randomBytes(900_000);
    hub.faults.add({ match: ({ method }) => method === "PUT", times: 2, ...fault });
    const events = await run(asked([file("model.gguf", bytes)]));
    expect(events.filter(({ type }) => type === "retrying")).toHaveLength(2);
    expect(events.at(-1)).toMatchObject({ type: "done", uploaded: ["model.gguf"] });
    expect(published().contentOf("model.gguf").equals(bytes)).toBe(true);
  });

  it.each([5000, 8_000_000])(
    "goes on after a storage server that is silent, sent %i bytes, and says so",
    async (size) => {
      hub.faults.add({ match: ({ method }) => method === "PUT", times: 2, do: "stall" });
      const patience = { ...IMPATIENT, stallMs: 100 };
      hub.multipart = { above: 20_000_000, partSize: 8_000_000 };
      const events = await run(asked([file("model.gguf", randomBytes(size))]), {}, { patience });
      const retries = events.filter((event) => event.type === "retrying");
      expect(retries.map(({ error }) => error.code)).toEqual(["hub_unavailable", "hub_unavailable"]);
      expect(events.at(-1)?.type).toBe("done");
    },
  );

  it.each([
    ["a large file grows on its way", "model.gguf", "PUT", (path: string) => appendFileSync(path, "more")],
    ["a large file shrinks on its way", "model.gguf", "PUT", (path: string) => truncateSync(path, 10)],
    ["a large file is written over", "model.gguf", "PUT", (path: string) => writeFileSync(path, randomBytes(9000))],
    ["a small file changes before the commit", "a.txt", "POST", (path: string) => appendFileSync(path, "more")],
  ])("publishes nothing when %s, and says so", async (_name, name, method, change) => {
    const changing = file(name, randomBytes(9000));
    const changes = (request: { method: string }) => request.method === method && change(changing.path) === undefined;
    hub.faults.add({ match: changes, do: { delayMs: 0 } });
    const error = failureIn(await run(asked([changing])));
    expect(error.message).toBe(`${changing.path} changed while it was uploaded. Upload it again once it is complete.`);
    expect(uploadsOf().commits).toBe(0);
  });

  it("commits on top of what somebody else has committed meanwhile", async () => {
    const own = [file("model.gguf", randomBytes(900)), file("a.txt", "own")];
    const commitTheirs = () => published().commit({ "theirs.txt": "theirs" }) !== "";
    const match = ({ url }: { url: string }) => url.includes("/commit/") && commitTheirs();
    hub.faults.add({ match, times: 1, do: { delayMs: 0 } });
    const before = uploadsOf().puts;
    expect(await done(asked(own))).toMatchObject({ uploaded: ["model.gguf", "a.txt"] });
    expect(
      published()
        .files()
        .map(({ path }) => path),
    ).toEqual(["a.txt", "model.gguf", "theirs.txt"]);
    expect(uploadsOf().commits).toBe(2);
    expect(uploadsOf().puts - before).toBe(1);
  });

  it("says so when somebody else commits again and again", async () => {
    const commitTheirs = () => published().commit({ "theirs.txt": String(count++) }) !== "";
    hub.faults.add({ match: ({ url }) => url.includes("/commit/") && commitTheirs(), do: { delayMs: 0 } });
    const error = failureIn(await run(asked([file("a.txt", "own")])));
    expect(error).toMatchObject({ code: "hub_refused", message: expect.stringContaining("Somebody else") });
    expect(uploadsOf().commits).toBe(2);
  });

  it("counts no byte twice that is sent again", async () => {
    const size = 900_000;
    // Answered only once the bytes are on their way.
    for (const action of [{ delayMs: 100 }, { status: 503 }]) {
      hub.faults.add({ match: ({ method }) => method === "PUT", times: 1, do: action });
    }
    const request = asked([file("model.gguf", randomBytes(size))]);
    const events = await run(request, {}, { progressIntervalMs: 0 });
    const later = events.slice(events.findIndex(({ type }) => type === "retrying"));
    const told = later.flatMap((event) => (event.type === "progress" ? [event.bytes] : []));
    expect(told[0]).toBeLessThan(size);
    expect(told.filter((bytes) => bytes > 0 && bytes < size)).not.toEqual([]);
    expect(told.at(-1)).toBe(size);
  });

  it("publishes to a repository that somebody makes at the same moment", async () => {
    const make = () => hub.createRepo("model", target) === undefined;
    hub.faults.add({ match: ({ url }) => url === "/api/repos/create" && make(), do: { status: 500 } });
    const events = await run(asked([file("a.txt", "1")]));
    expect(events[0]).toMatchObject({ type: "repo", created: false });
    expect(events.at(-1)?.type).toBe("done");
  });

  it("fails once, when many files fail together", async () => {
    hub.faults.add({ match: ({ method }) => method === "PUT", do: { status: 400 } });
    const files = Array.from({ length: 12 }, (_, at) => file(`${at}.gguf`, randomBytes(2000)));
    expect(failureIn(await run(asked(files))).code).toBe("hub_refused");
  });

  it("can be cancelled in the middle of a file", async () => {
    hub.faults.add({ match: ({ method }) => method === "PUT", do: "stall" });
    const control = new AbortController();
    const events: PublishEvent[] = [];
    const request = asked([file("model.gguf", randomBytes(30_000_000))]);
    for await (const event of publish(settings(), request, { signal: control.signal, patience: IMPATIENT })) {
      events.push(event);
      if (event.type === "progress" && event.phase === "uploading") control.abort();
    }
    expect(failureIn(events).code).toBe("aborted");
  });

  it("ends when nobody reads on", async () => {
    const request = asked([file("model.gguf", randomBytes(2000))]);
    for await (const event of publish(settings(), request)) if (event.type === "repo") break;
    expect(published().files()).toEqual([]);
  });

  it("names the file that disappears while it is uploaded", async () => {
    const gone = file("model.gguf", randomBytes(1000));
    const remove = () => rmSync(gone.path, { force: true });
    hub.faults.add({ match: ({ url }) => url.endsWith("objects/batch") && remove() === null, do: { status: 500 } });
    expect(failureIn(await run(asked([gone])))).toMatchObject({
      code: "model_file_missing",
      fields: { path: gone.path },
    });
  });
});

describe("a refusal", () => {
  const LOGIN = "hf auth login";
  const cases: [string, Partial<HubSettings>, Partial<PublishRequest>, string, string][] = [
    ["no token", { token: null }, {}, "hub_unauthorized", LOGIN],
    ["a token the Hub does not know", { token: "hf_unknown" }, {}, "hub_unauthorized", LOGIN],
    ["a damaged token", { token: "hf_\u0007" }, {}, "hub_unauthorized", "HF_TOKEN is damaged"],
    ["a token that only reads", { token: "hf_reader" }, {}, "hub_unauthorized", LOGIN],
    ["somebody else's name", {}, named("somebody/model"), "hub_unauthorized", "don't have the rights"],
    ["a private repository of somebody else", { token: "hf_outsider" }, named("org/secret"), "hub_unauthorized", LOGIN],
    ["offline mode", { offline: true }, {}, "hub_offline", "HF_HUB_OFFLINE"],
    ["a name no repository has", {}, named("org/../model"), "invalid_request", "ORG/NAME"],
    ["no file", {}, { files: [] }, "invalid_request", "at least one"],
    ["a file that is missing", {}, { files: [{ path: "/none/a.gguf", name: "a" }] }, "model_file_missing", "/none/a"],
    ["a folder", {}, { files: [{ path: folder, name: "a" }] }, "model_file_missing", "no file"],
  ];
  function named(repo_id: string): Partial<PublishRequest> {
    return { repo: { repo_type: "model", repo_id } };
  }

  it.each(cases)("says what to do about %s", async (_name, changes, request, code, words) => {
    hub.createRepo("model", "org/secret", { private: true });
    const error = failureIn(await run(asked([file("a.txt", "1")], request), changes));
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
  });

  it.each(["../a", "/a", "a//b", "a/./b", ".git/config", "a\\b", "", "c:a", "a\nb"])(
    "refuses %j as a name in the repository before anything is asked",
    async (name) => {
      const before = hub.requests.length;
      const { path } = file("a.txt", "1");
      expect(failureIn(await run(asked([{ path, name }]))).code).toBe("invalid_request");
      expect(hub.requests).toHaveLength(before);
    },
  );

  it("says so when no Hub is there", async () => {
    const gone = await HubServer.start();
    await gone.close();
    const error = failureIn(await run(asked([file("a.txt", "1")]), { endpoint: gone.url }));
    expect(error.code).toBe("hub_unavailable");
    expect(error.message).toContain("cannot be reached");
  });

  it("refuses two files of one name", async () => {
    const files = [file("a.txt", "1"), file("a.txt", "2")];
    expect(failureIn(await run(asked(files))).message).toContain("two files");
  });

  it.each([
    [429, "hub_rate_limited"],
    [500, "hub_unavailable"],
    [403, "hub_unauthorized"],
    [418, "hub_refused"],
  ])("tells %d by its code, %s", async (status, code) => {
    hub.faults.add({ match: /preupload/, do: { status } });
    const error = failureIn(await run(asked([file("a.txt", "1")])));
    expect([error.code, error.fields["status"]]).toEqual([code, status]);
  });

  it.each(["[]", "{", '{"files":[]}'])("survives a Hub that answers %s", async (body) => {
    hub.faults.add({ match: /preupload|\/commit\//, do: { status: 200, body } });
    expect(failureIn(await run(asked([file("a.txt", "1")]))).code).toBe("hub_refused");
  });
});
