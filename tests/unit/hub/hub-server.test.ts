import {
  createRepo,
  deleteFile,
  deleteRepo,
  downloadFile,
  fileDownloadInfo,
  HubApiError,
  listCommits,
  listFiles,
  modelInfo,
  pathsInfo,
  repoExists,
  uploadFiles,
  whoAmI,
} from "@huggingface/hub";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { HubServer, type HubRepo } from "../../fixtures/hub-server";

/** The real client of Hugging Face, which knows nothing of what it talks to. */
let hub: HubServer;
let repo: HubRepo;
let place: { repo: string; hubUrl: string };
const MODEL = { size: 3_000_000, seed: 1 };

beforeAll(async () => {
  hub = await HubServer.start();
  repo = hub.createRepo("model", "org/name");
  const commit = repo.commit({ "README.md": "# Name\n".repeat(300), "model.gguf": MODEL, "empty.txt": "" });
  repo.tag("v1", commit);
  repo.commit({ "quants/small/model.gguf": { size: 2000, seed: 2 }, "empty.txt": null });
  place = { repo: "org/name", hubUrl: hub.url };
});
beforeEach(() => {
  hub.pageSize = 1000;
  hub.faults.clear();
});
afterAll(() => hub.close());

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

async function bytesOf(blob: Blob | null): Promise<Buffer> {
  return Buffer.from((await blob?.arrayBuffer()) ?? new ArrayBuffer(0));
}

async function refusalOf(promise: Promise<unknown>): Promise<{ status: number; message: string }> {
  const thrown = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(thrown instanceof HubApiError)) throw new Error("the Hub did not refuse", { cause: thrown });
  return { status: thrown.statusCode, message: thrown.message };
}

describe("reading", () => {
  it("lists the files of all folders over several pages", async () => {
    hub.pageSize = 2;
    const entries = await all(listFiles({ ...place, recursive: true }));
    expect(entries.map(({ type, path }) => `${type} ${path}`)).toEqual([
      "file README.md",
      "file model.gguf",
      "directory quants",
      "directory quants/small",
      "file quants/small/model.gguf",
    ]);
    expect(entries[1]).toMatchObject({ size: 3_000_000, lfs: { oid: repo.sha256Of("model.gguf"), pointerSize: 132 } });
    expect(entries[0]).not.toHaveProperty("lfs");
  });

  it("lists one folder, with the last commit of each file", async () => {
    const entries = await all(listFiles({ ...place, path: "quants", expand: true }));
    expect(entries.map(({ path }) => path)).toEqual(["quants/small"]);
    const [file] = await all(listFiles({ ...place, path: "quants/small", expand: true }));
    expect(file?.lastCommit).toMatchObject({ id: repo.find("main")?.id });
  });

  it("tells sizes and ETags, and no xet", async () => {
    const small = await fileDownloadInfo({ ...place, path: "README.md" });
    expect(small).toMatchObject({ size: 2100, etag: `"${repo.file("README.md").oid}"` });
    const large = await fileDownloadInfo({ ...place, path: "model.gguf" });
    expect(large).toMatchObject({ size: 3_000_000 });
    expect(large?.xet).toBeUndefined();
    expect(await fileDownloadInfo({ ...place, path: "none.gguf" })).toBeNull();
  });

  it.each(["README.md", "model.gguf", "quants/small/model.gguf"])("downloads %s", async (path) => {
    const blob = await downloadFile({ ...place, path });
    expect((await bytesOf(blob)).equals(repo.contentOf(path))).toBe(true);
  });

  it("downloads a part of a file of a tag", async () => {
    const blob = await downloadFile({ ...place, path: "model.gguf", revision: "v1" });
    const part = await bytesOf(blob?.slice(1_000_000, 1_000_100) ?? null);
    expect(part).toEqual(repo.contentOf("model.gguf").subarray(1_000_000, 1_000_100));
  });

  it("downloads what a pull request proposes", async () => {
    const revision = repo.pullRequest({ "proposed.txt": "new" });
    expect(revision).toBe("refs/pr/1");
    expect(String(await bytesOf(await downloadFile({ ...place, path: "proposed.txt", revision })))).toBe("new");
    const listed = await all(listFiles({ ...place, revision }));
    expect(listed.map(({ path }) => path)).toContain("proposed.txt");
  });

  it("tells a file's xet hash to whoever asks for it, and serves it without", async () => {
    const xetHash = "ab".repeat(32);
    const xet = hub.createRepo("model", "org/xet");
    xet.commit({ "model.gguf": { ...MODEL, xetHash } });
    const { xet: info } = (await fileDownloadInfo({ ...place, repo: "org/xet", path: "model.gguf" })) ?? {};
    expect(info?.hash).toBe(xetHash);
    const blob = await downloadFile({ ...place, repo: "org/xet", path: "model.gguf", xet: false });
    expect((await bytesOf(blob)).length).toBe(MODEL.size);
  });

  it("lists commits over several pages, and tells about paths and the model", async () => {
    const commits = await all(listCommits({ ...place, batchSize: 2 }));
    expect(commits.map(({ title }) => title)).toEqual(["Add files", "Add files", "initial commit"]);
    const paths = await pathsInfo({ ...place, paths: ["model.gguf", "quants", "none"], expand: true });
    expect(paths.map(({ path, type }) => `${type} ${path}`)).toEqual(["file model.gguf", "directory quants"]);
    expect(await modelInfo({ name: "org/name", hubUrl: hub.url })).toMatchObject({ name: "org/name", private: false });
  });

  it("follows a renamed repository", async () => {
    const moved = hub.createRepo("model", "org/old");
    moved.commit({ "a.txt": "moved" });
    hub.renameRepo(moved, "org/new");
    expect(String(await bytesOf(await downloadFile({ ...place, repo: "org/old", path: "a.txt" })))).toBe("moved");
    expect(await modelInfo({ name: "org/old", hubUrl: hub.url })).toMatchObject({ name: "org/new" });
  });
});

describe("refusing", () => {
  beforeAll(() => {
    hub.createRepo("model", "org/secret", { private: true }).commit({ "a.txt": "secret" });
    hub.createRepo("model", "org/gated", { gated: true }).commit({ "a.txt": "gated" });
  });

  const cases: [string, { repo: string; revision?: string; token?: string }, number, string][] = [
    ["a missing repository without a token", { repo: "org/none" }, 401, "Invalid username or password"],
    ["a missing repository with a token", { repo: "org/none", token: "hf_reader" }, 404, "Repository not found"],
    ["a private repository without a token", { repo: "org/secret" }, 401, "Invalid username or password"],
    ["a private repository to a stranger", { repo: "org/secret", token: "hf_outsider" }, 404, "Repository not found"],
    ["a gated repository without a token", { repo: "org/gated" }, 401, "must have access"],
    ["a gated repository to a stranger", { repo: "org/gated", token: "hf_outsider" }, 403, "not in the authorized"],
    ["a token it does not know", { repo: "org/name", token: "hf_unknown" }, 401, "Invalid credentials"],
    ["a revision that is missing", { repo: "org/name", revision: "v9" }, 404, "Invalid rev id: v9"],
  ];
  it.each(cases)("refuses %s", async (_name, { token, ...asked }, status, message) => {
    const access = token === undefined ? {} : { accessToken: token };
    const refusal = await refusalOf(fileDownloadInfo({ hubUrl: hub.url, path: "a.txt", ...access, ...asked }));
    expect(refusal.status).toBe(status);
    expect(refusal.message).toContain(message);
  });

  it.each(["org/secret", "org/gated"])("gives the files of %s to whoever was let in", async (name) => {
    const blob = await downloadFile({ ...place, repo: name, path: "a.txt", accessToken: hub.readToken });
    expect((await bytesOf(blob)).length).toBeGreaterThan(0);
  });
});

describe("writing", () => {
  const asWriter = () => ({ hubUrl: hub.url, accessToken: hub.token });

  it("tells whose token it is", async () => {
    expect(await whoAmI(asWriter())).toMatchObject({ name: "tester", auth: { accessToken: { role: "write" } } });
    expect((await refusalOf(whoAmI({ hubUrl: hub.url, accessToken: "hf_unknown" }))).status).toBe(401);
  });

  it("creates a repository once, private when asked, and deletes it", async () => {
    const created = { ...asWriter(), repo: "tester/created" };
    expect(await createRepo({ ...created, visibility: "private" })).toMatchObject({ id: "tester/created" });
    expect((await refusalOf(createRepo(created))).status).toBe(409);
    expect(await repoExists({ repo: "tester/created", hubUrl: hub.url })).toBe(false);
    expect(await repoExists(created)).toBe(true);
    await deleteRepo(created);
    expect(await repoExists(created)).toBe(false);
  });

  it.each([
    ["with a token that only reads", "tester/other", "hf_reader"],
    ["under a name of somebody else", "somebody/other", "hf_writer"],
  ])("creates nothing %s", async (_name, other, accessToken) => {
    expect((await refusalOf(createRepo({ hubUrl: hub.url, accessToken, repo: other }))).status).toBe(403);
  });

  it("takes small files, large ones and large ones in parts, in one commit", async () => {
    hub.multipart = { above: 1_000_000, partSize: 400_000 };
    const target = hub.createRepo("model", "tester/uploaded");
    const large = repo.contentOf("model.gguf");
    const files = { "a.txt": Buffer.from("small"), "x/b.bin": Buffer.alloc(5000, 1), "c.gguf": large };
    const content = Object.entries(files).map(([path, bytes]) => ({
      path,
      content: new Blob([new Uint8Array(bytes)]),
    }));
    const uploaded = { ...asWriter(), repo: "tester/uploaded", files: content };
    // The model's bytes are known already, as on the Hub, unless they are somebody's first.
    hub.contents.forget(repo.sha256Of("model.gguf"));
    const { commit } = (await uploadFiles(uploaded)) ?? {};
    expect(commit?.oid).toBe(target.find("main")?.id);
    for (const [path, bytes] of Object.entries(files)) expect(target.contentOf(path).equals(bytes)).toBe(true);
    expect(target.files().map(({ isLfs }) => isLfs)).toEqual([false, true, true]);
    const parts = hub.requests.filter(({ method, url }) => method === "PUT" && url.includes("/8?"));
    expect(parts).toHaveLength(1);
    await deleteFile({ ...asWriter(), repo: "tester/uploaded", path: "a.txt" });
    expect(target.files().map(({ path }) => path)).toEqual(["c.gguf", "x/b.bin"]);
  });

  it("asks for no bytes that it has", async () => {
    const target = hub.createRepo("model", "tester/again");
    target.commit({ "model.gguf": MODEL });
    const before = hub.requests.length;
    const copy = { path: "copy.gguf", content: new Blob([new Uint8Array(repo.contentOf("model.gguf"))]) };
    await uploadFiles({ ...asWriter(), repo: "tester/again", files: [copy] });
    expect(hub.requests.slice(before).filter(({ method }) => method === "PUT")).toEqual([]);
    expect(target.sha256Of("copy.gguf")).toBe(repo.sha256Of("model.gguf"));
  });

  it("refuses a commit on top of another than the last", async () => {
    hub.createRepo("model", "tester/busy").commit({ "a.txt": "1" });
    const files = [{ path: "b.txt", content: new Blob(["2"]) }];
    const stale = { ...asWriter(), repo: "tester/busy", files, parentCommit: "0".repeat(40) };
    expect((await refusalOf(uploadFiles(stale))).status).toBe(412);
  });
});
