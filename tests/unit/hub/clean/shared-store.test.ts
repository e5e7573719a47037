import { existsSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { executePlan } from "../../../../lib/hub/clean/execute-plan";
import { planPrune } from "../../../../lib/hub/clean/plan-prune";
import { planRemove } from "../../../../lib/hub/clean/plan-remove";
import { tryLock } from "../../../../lib/hub/lock";
import { link, RepoBuilder, scratchFolder, writeSized } from "../helpers";
import { ageAll, bytesOf, cleaned, holdElsewhere, MAIN, openEverything, planned } from "./support";

const scratch = scratchFolder();
const HASH = "ab".repeat(32);
const ETAG = "f".repeat(64);
let caches = 0;
let cache = "";
let payload = "";

/** A repository whose model is a link to the payload. */
function addRepo(name: string): RepoBuilder {
  const repo = new RepoBuilder(cache, `models--org--${name}`).revision(MAIN, { "config.json": 1 }).ref("main", MAIN);
  link(join(repo.snapshot(MAIN), "model.gguf"), link(join(repo.path, "blobs", ETAG), payload));
  return repo;
}

const lineOf = (name: string) => `models--org--${name}/blobs/${ETAG}\n`;
const setList = (text: string | Buffer) => writeFileSync(`${payload}.refs`, text);
const remove = (...targets: string[]) => cleaned(cache, (view) => planRemove(view, targets));

beforeEach(() => {
  cache = join(scratch, `cache-${(caches += 1)}`);
  payload = writeSized(join(cache, "blobs", "ab", HASH), 10000);
  writeFileSync(join(cache, "blobs", ".huggingface-shared-blobs"), "1\n");
  setList(lineOf("one") + lineOf("two"));
});

describe("a payload that two repositories share", () => {
  it("stays with the first that goes, and goes with the last", async () => {
    addRepo("one");
    addRepo("two");
    const before = bytesOf(cache);
    expect(await remove("org/one")).toMatchObject({ freed_size: 1, kept: [], warnings: [] });
    expect((await openEverything(cache)).get(join(cache, "models--org--two/snapshots", MAIN, "model.gguf"))).toBe(
      10000,
    );
    expect(await remove("org/two")).toMatchObject({
      freed_size: 10001,
      kept: [],
      removed: [
        { kind: "repo", freed_size: 1 },
        { kind: "shared_blob", freed_size: 10000 },
      ],
    });
    expect(before - bytesOf(cache)).toBe(10002);
    expect([existsSync(payload), existsSync(`${payload}.refs`)]).toEqual([false, false]);
  });

  it("goes at once when both go", async () => {
    addRepo("one");
    addRepo("two");
    const plan = await planned(cache, (view) => planRemove(view, ["org/one", "org/two"]));
    expect(plan.expected_freed_size).toBe(10002);
    expect(await executePlan(plan)).toMatchObject({ freed_size: 10002, kept: [] });
  });

  it("goes with the file of one revision", async () => {
    addRepo("two");
    expect(await remove("org/two/model.gguf")).toMatchObject({ freed_size: 10000, kept: [] });
    expect(existsSync(join(cache, "models--org--two/snapshots", MAIN, "config.json"))).toBe(true);
  });
});

describe("a payload stays, with a warning, when its list", () => {
  it.each<[string, () => void]>([
    ["is missing", () => rmSync(`${payload}.refs`)],
    ["is a link", () => (rmSync(`${payload}.refs`), symlinkSync("/etc/hostname", `${payload}.refs`))],
    ["has a line that leads out", () => setList(`${lineOf("one")}../../etc/passwd\n`)],
    ["has an absolute line", () => setList(`/etc/passwd\n${lineOf("one")}`)],
    ["has a line of another form", () => setList(`${lineOf("one")}models--org--one/snapshots/x/y\n`)],
    ["has JSON", () => setList('{"links": []}\n')],
    ["is being written", () => setList(lineOf("one").slice(0, -1))],
    ["is no text", () => setList(Buffer.from([0xff, 0xfe, 0x0a]))],
  ])("%s", async (_, damage) => {
    addRepo("one");
    damage();
    expect(await remove("org/one")).toMatchObject({ freed_size: 1, warnings: [expect.stringContaining(payload)] });
    expect(existsSync(payload)).toBe(true);
  });
});

describe("a payload of the store", () => {
  it("stays for a repository of a kind that Memwell does not know", async () => {
    addRepo("one");
    setList(`${lineOf("one")}kernels--org--k/blobs/${ETAG}\n`);
    link(join(cache, "kernels--org--k/blobs", ETAG), payload);
    expect(await remove("org/one")).toMatchObject({ freed_size: 1, kept: [] });
    expect(existsSync(payload)).toBe(true);
  });

  it("stays for a link that its list does not know", async () => {
    addRepo("one");
    addRepo("two");
    setList(lineOf("one"));
    expect(await remove("org/one")).toMatchObject({ freed_size: 1, kept: [] });
    setList("");
    const plan = await planned(cache, (view) => planRemove(view, ["org/two"]));
    addRepo("three");
    expect(await executePlan(plan)).toMatchObject({ freed_size: 1, kept: [{ item: { kind: "shared_blob" } }] });
    await openEverything(cache);
  });

  it("stays when somebody links it between the plan and its turn", async () => {
    addRepo("one");
    const plan = await planned(cache, (view) => planRemove(view, ["org/one"]));
    addRepo("two");
    const done = await executePlan(plan);
    expect(done).toMatchObject({ freed_size: 1, kept: [{ reason: expect.stringContaining("models--org--two") }] });
    await openEverything(cache);
  });

  it("stays while huggingface_hub works on it, or a model of it is loaded", async () => {
    addRepo("one");
    const plan = await planned(cache, (view) => planRemove(view, ["org/one"]));
    const lock = tryLock(`${payload}.lock`);
    expect(await executePlan(plan)).toMatchObject({
      freed_size: 1,
      kept: [{ item: { kind: "shared_blob" }, reason: expect.stringContaining("another program") }],
    });
    lock?.release();
    ageAll(cache);
    await holdElsewhere(`share:${payload}`);
    expect(await cleaned(cache, (view) => planPrune(view, { now: Date.now() }))).toMatchObject({
      freed_size: 0,
      kept: [{ item: { kind: "shared_blob" }, reason: expect.stringContaining("in use") }],
    });
  });

  it("goes with a prune when every line of its list is stale, but not without a list", async () => {
    new RepoBuilder(cache).revision(MAIN, { a: 1 }).ref("main", MAIN);
    ageAll(cache);
    const prune = () => cleaned(cache, (view) => planPrune(view, { now: Date.now() }));
    unlinkSync(`${payload}.refs`);
    expect(await prune()).toMatchObject({ freed_size: 0, removed: [] });
    setList(lineOf("one"));
    expect(await prune()).toMatchObject({ freed_size: 10000, kept: [] });
  });

  it("stays in a store of a layout that Memwell does not know", async () => {
    addRepo("one");
    writeFileSync(join(cache, "blobs", ".huggingface-shared-blobs"), "2\n");
    expect(await remove("org/one")).toMatchObject({ freed_size: 1, kept: [] });
    expect(existsSync(payload)).toBe(true);
  });
});
