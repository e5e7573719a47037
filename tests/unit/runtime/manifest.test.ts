import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs"; // prettier-ignore
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ManifestEntry } from "../../../lib/audit";
import { writeManifest } from "../../../lib/audit";
import { loadConfig, type Config } from "../../../lib/config";
import { pullManifest, type ManifestEvent } from "../../../lib/runtime";
import { pinsOf } from "../../../lib/runtime/disk-budget";
import { ModelFiles } from "../../../lib/runtime/model-files";
import { HubServer } from "../../fixtures/hub-server";
import { failureOf, scratchFolder } from "../hub/helpers";

const scratch = scratchFolder();
let hub: HubServer;
let homes = 0;
const commits: Record<string, string> = {};
const bytes = {
  large: Buffer.alloc(300_000, "large"),
  second: Buffer.alloc(40_000, "second"),
  note: Buffer.from("A dataset.\n"),
};

beforeAll(async () => {
  hub = await HubServer.start();
  commits.tutor = hub
    .createRepo("model", "org/tutor")
    .commit({ "gguf/large.gguf": bytes.large, "second.gguf": bytes.second });
  commits.data = hub.createRepo("dataset", "org/data").commit({ "note.txt": bytes.note });
});
afterEach(() => {
  hub.faults.clear();
  hub.rate = null;
});
afterAll(() => hub.close());

const sha256 = (content: Buffer) => createHash("sha256").update(content).digest("hex");
const entryFor = (content: Buffer, changes: Partial<ManifestEntry>): ManifestEntry => ({
  path: "models/large.gguf",
  repo_type: "model",
  repo: "org/tutor",
  file: "gguf/large.gguf",
  revision: commits.tutor ?? "",
  sha256: sha256(content),
  size: content.length,
  license: null,
  ...changes,
});
const all = (): ManifestEntry[] => [
  entryFor(bytes.large, {}),
  entryFor(bytes.second, { path: "models/second.gguf", file: "second.gguf" }),
  entryFor(bytes.note, { path: "data/note.txt", repo_type: "dataset", repo: "org/data", file: "note.txt", revision: commits.data ?? "" }), // prettier-ignore
];

interface Place {
  config: Config;
  folder: string;
  manifest: string;
  at: (path: string) => string;
}

function newPlace(entries: ManifestEntry[] = all(), environment: Record<string, string> = {}): Place {
  const home = realpathSync(mkdirOf(join(scratch, `home-${(homes += 1)}`)));
  const folder = mkdirOf(join(home, "repository"));
  const manifest = join(folder, "memwell-models.json");
  writeManifest(manifest, { version: 1, entries });
  const config = loadConfig({ HF_HOME: home, HF_ENDPOINT: hub.url, MEMWELL_DATA_DIR: join(home, "d"), ...environment });
  return { config, folder, manifest, at: (path) => join(folder, path) };
}

function mkdirOf(path: string): string {
  mkdirSync(path, { recursive: true });
  return path;
}

async function pull({ config, manifest }: Place, options: Parameters<typeof pullManifest>[2] = {}) {
  const events: ManifestEvent[] = [];
  const { entries } = await pullManifest(config, manifest, { ...options, onEvent: (event) => events.push(event) });
  return { sources: entries.map(({ source, error }) => source ?? error?.code), entries, events };
}

const filesOf = (folder: string) => readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
const offline = (place: Place): Place => ({
  ...place,
  config: { ...place.config, hub: { ...place.config.hub, offline: true } },
});

// A download takes a worker thread, a database and a server of its own to start.
describe("pulling a manifest", { timeout: 60_000 }, () => {
  it("downloads what is missing into the cache, and links it; again, nothing is asked of the Hub", async () => {
    const place = newPlace();
    const first = await pull(place);
    expect(first.sources).toEqual(["hub", "hub", "hub"]);
    expect(readFileSync(place.at("models/large.gguf"))).toEqual(bytes.large);
    expect(readFileSync(place.at("data/note.txt"))).toEqual(bytes.note);
    expect(lstatSync(place.at("models/large.gguf")).isSymbolicLink()).toBe(true);
    expect(realpathSync(place.at("models/large.gguf"))).toBe(
      join(place.config.hub.cacheDir, "models--org--tutor/blobs", sha256(bytes.large)),
    );
    expect(first.events.some(({ type }) => type === "fetch")).toBe(true);
    const asked = hub.requests.length;
    expect((await pull(place)).sources).toEqual(["folder", "folder", "folder"]);
    expect(hub.requests.length).toBe(asked);
  });

  it("takes what the cache has under the same sha256, of whatever repository, without a word to the Hub", async () => {
    const place = newPlace();
    const blobs = mkdirOf(join(place.config.hub.cacheDir, "models--some--fork/blobs"));
    writeFileSync(join(blobs, sha256(bytes.large)), bytes.large);
    const damaged = Buffer.from(bytes.second).fill(1, 0, 1);
    writeFileSync(join(blobs, sha256(bytes.second)), damaged);
    const asked = hub.requests.length;
    const { sources } = await pull(offline(place));
    expect(sources).toEqual(["cache", "hub_offline", "hub_offline"]);
    expect(hub.requests.length).toBe(asked);
    expect(readlinkSync(place.at("models/large.gguf"))).toBe(join(blobs, sha256(bytes.large)));
    expect(existsSync(place.at("models/second.gguf"))).toBe(false);
  });

  it("copies when it is asked to", async () => {
    const place = newPlace();
    await pull(place, { copy: true });
    expect(lstatSync(place.at("models/large.gguf")).isFile()).toBe(true);
    rmSync(place.config.hub.cacheDir, { recursive: true });
    expect((await pull(offline(place))).sources).toEqual(["folder", "folder", "folder"]);
  });

  it("leaves alone what is there and is something else, and brings the others", async () => {
    const place = newPlace();
    mkdirOf(place.at("models"));
    writeFileSync(place.at("models/large.gguf"), "my own");
    mkdirOf(place.at("models/second.gguf"));
    const { sources, entries } = await pull(place);
    expect(sources).toEqual(["conflict", "conflict", "hub"]);
    expect(entries[0]?.error?.message).toContain(`${place.at("models/large.gguf")} is there already`);
    expect(readFileSync(place.at("models/large.gguf"), "utf8")).toBe("my own");
  });

  it("replaces a link that leads nowhere, and what git leaves for a large file", async () => {
    const place = newPlace();
    mkdirOf(place.at("models"));
    symlinkSync("/nowhere/at/all", place.at("models/large.gguf"));
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256(bytes.second)}\nsize 40000\n`;
    writeFileSync(place.at("models/second.gguf"), pointer);
    expect((await pull(place)).sources).toEqual(["hub", "hub", "hub"]);
    expect(readFileSync(place.at("models/second.gguf"))).toEqual(bytes.second);
    expect(filesOf(place.at("models"))).toEqual(["large.gguf", "second.gguf"]);
  });

  it("never follows a link out of the folder", async () => {
    const place = newPlace();
    const outside = mkdirOf(join(place.folder, "../outside"));
    symlinkSync(outside, place.at("models"));
    const { sources, entries } = await pull(place);
    expect(sources).toEqual(["conflict", "conflict", "hub"]);
    expect(entries[0]?.error?.message).toContain("a link that leads out of the folder");
    expect(filesOf(outside)).toEqual([]);
  });

  it("refuses other bytes than it says, before they are downloaded where the Hub says so", async () => {
    const wrong = [
      entryFor(bytes.large, { sha256: "0".repeat(64) }),
      entryFor(bytes.note, { path: "note", repo_type: "dataset", repo: "org/data", file: "note.txt", revision: commits.data ?? "", sha256: "1".repeat(64) }), // prettier-ignore
      entryFor(bytes.second, { path: "gone", file: "gone.gguf" }),
    ];
    const place = newPlace(wrong);
    const sent = hub.bytesSent(/cdn/);
    const { sources, entries } = await pull(place);
    expect(sources).toEqual(["download_corrupt", "download_corrupt", "file_not_found"]);
    expect(entries[0]?.error?.message).toContain(sha256(bytes.large));
    expect(hub.bytesSent(/cdn/)).toBe(sent);
    expect(filesOf(place.folder)).not.toContain("note");
  });

  it("goes on where it was interrupted", async () => {
    const place = newPlace([entryFor(bytes.large, {})]);
    hub.rate = 400_000;
    const stop = new AbortController();
    const pulling = pullManifest(place.config, place.manifest, {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type === "fetch" && event.event.type === "downloading" && event.event.total_received > 0)
          stop.abort();
      },
    });
    expect((await failureOf(pulling))?.code).toBe("aborted");
    expect(filesOf(place.folder)).toEqual(["memwell-models.json"]);
    hub.rate = null;
    hub.requests.length = 0;
    expect((await pull(place)).sources).toEqual(["hub"]);
    expect(hub.bytesSent(/cdn/)).toBeLessThan(bytes.large.length);
    expect(readFileSync(place.at("models/large.gguf"))).toEqual(bytes.large);
  });

  it("keeps to the disk budget, and removes none of its own to make room", async () => {
    const budget = { MEMWELL_DISK_BUDGET: String(bytes.large.length + 1000) };
    const { sources, entries } = await pull(newPlace(all(), budget));
    expect(sources).toEqual(["hub", "disk_full", "hub"]);
    expect(entries[1]?.error?.message).toContain("MEMWELL_DISK_BUDGET");
  });

  it("ends at once for a manifest that is none", async () => {
    const place = newPlace();
    writeFileSync(place.manifest, '{"version": 1, "entries": [{"path": "../x"}]}');
    expect((await failureOf(pull(place)))?.code).toBe("invalid_request");
    expect((await failureOf(pullManifest(place.config, place.at("none"))))?.code).toBe("not_found");
  });
});

describe("a manifest in the settings", { timeout: 60_000 }, () => {
  const withManifest = (place: Place): Config => ({ ...place.config, manifest: place.manifest });
  const noRoomNeeded = () => Promise.resolve();
  const wanted = (path: string) => ({ reference: { type: "path", path }, kind: "model", sizing: null }) as const;

  it("brings a model that is named by its path before it is loaded, and again when its link is broken", async () => {
    const place = newPlace();
    const files = new ModelFiles(withManifest(place), noRoomNeeded);
    const path = place.at("models/large.gguf");
    const heard: string[] = [];
    const located = await files.ensure("large", wanted(path), { onEvent: ({ type }) => heard.push(type) });
    expect(located.path).toBe(path);
    expect(readFileSync(path)).toEqual(bytes.large);
    expect(heard).toContain("downloading");
    rmSync(place.config.hub.cacheDir, { recursive: true });
    await files.ensure("large", wanted(path));
    expect(readFileSync(path)).toEqual(bytes.large);
    await files.close();
  });

  it("is pulled whole at the start; what fails is told, and keeps only its own model from being had", async () => {
    const place = newPlace([...all(), entryFor(bytes.large, { path: "models/wrong.gguf", sha256: "0".repeat(64) })]);
    const files = new ModelFiles(withManifest(place), noRoomNeeded);
    const warnings: string[] = [];
    await files.prepareManifest((warning) => warnings.push(warning));
    expect(warnings).toEqual([expect.stringContaining("models/wrong.gguf of ")]);
    expect(readFileSync(place.at("data/note.txt"))).toEqual(bytes.note);
    await files.ensure("second", wanted(place.at("models/second.gguf")));
    const failure = await failureOf(files.ensure("wrong", wanted(place.at("models/wrong.gguf"))));
    expect(failure?.code).toBe("download_corrupt");
    await files.close();
  });

  it("leaves a model of the owner's at one of its paths as it is", async () => {
    const place = newPlace([entryFor(bytes.large, {})]);
    const path = place.at("models/large.gguf");
    mkdirOf(place.at("models"));
    writeFileSync(path, "my own");
    const files = new ModelFiles(withManifest(place), noRoomNeeded);
    expect((await files.ensure("large", wanted(path))).path).toBe(path);
    expect(readFileSync(path, "utf8")).toBe("my own");
    await files.close();
  });

  it("keeps cleaning from removing what its links lead to", () => {
    const place = newPlace();
    const config = withManifest(place);
    expect(pinsOf(config)).toEqual(expect.arrayContaining(["model/org/tutor", "dataset/org/data"]));
    expect(pinsOf(config, "revisions")).toContain(`model/org/tutor@${commits.tutor}`);
    expect(pinsOf({ ...config, manifest: place.at("none") })).toEqual([]);
  });

  it("stops the start when it cannot be read, and says which setting it is", async () => {
    const place = newPlace();
    writeFileSync(place.manifest, "[");
    const failure = await failureOf(Promise.resolve().then(() => new ModelFiles(withManifest(place), noRoomNeeded)));
    expect(failure).toMatchObject({ code: "invalid_setting", message: expect.stringContaining("MEMWELL_MANIFEST=") });
  });
});
