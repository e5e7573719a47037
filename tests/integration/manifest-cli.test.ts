import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRuntime, loadConfig } from "../../lib/runtime";
import { HubServer } from "../fixtures/hub-server";
import { ensureFixtureModel } from "../fixtures/models";
import { childScript, temporaryFolder } from "./support";

/** A repository whose models were moved to the Hub: `memwell models pull --manifest`, and a start with MEMWELL_MANIFEST. */
const folder = temporaryFolder();
let hub: HubServer;
let model: Buffer;
let revision: string;

beforeAll(async () => {
  hub = await HubServer.start();
  model = readFileSync(await ensureFixtureModel("tiny"));
  revision = hub.createRepo("model", "org/tiny").commit({ "tiny-Q8_0.gguf": model, "notes.txt": "what it is" });
});
afterAll(() => hub.close());

const sha256 = (content: Buffer | string) => createHash("sha256").update(content).digest("hex");

/** A clone with its manifest and a home of its own. */
function clone(
  name: string,
  more: object[] = [],
): { at: (path: string) => string; environment: Record<string, string> } {
  const at = (path: string) => join(folder, name, "clone", path);
  mkdirSync(at("."), { recursive: true });
  const shared = { repo: "org/tiny", revision };
  const entries = [
    { ...shared, path: "models/tiny.gguf", file: "tiny-Q8_0.gguf", sha256: sha256(model), size: model.length },
    { ...shared, path: "docs/notes.txt", file: "notes.txt", sha256: sha256("what it is"), size: 10 },
    ...more.map((entry) => ({ ...shared, ...entry })),
  ];
  writeFileSync(at("memwell-models.json"), JSON.stringify({ version: 1, entries }));
  const environment = {
    PORT: "1",
    HF_HOME: join(folder, name),
    HF_ENDPOINT: hub.url,
    MEMWELL_DATA_DIR: join(folder, name, "data"),
    MEMWELL_THREADS: "1",
  };
  return { at, environment };
}

const memwell = (environment: Record<string, string>, ...words: string[]) =>
  execa(process.execPath, [resolve("dist/cli.js"), ...words], { cwd: folder, env: environment, reject: false });

describe("memwell models pull --manifest", () => {
  it("puts each file at its path and says where it came from; again, all of it is there", async () => {
    const { at, environment } = clone("pull");
    const pull = ["models", "pull", "--manifest", at("memwell-models.json")];
    const first = await memwell(environment, ...pull);
    expect(first).toMatchObject({ exitCode: 0 });
    expect(first.stdout.split("\n").sort()).toEqual(["docs/notes.txt: downloaded", "models/tiny.gguf: downloaded"]);
    expect(readFileSync(at("models/tiny.gguf"))).toEqual(model);
    expect(lstatSync(at("models/tiny.gguf")).isSymbolicLink()).toBe(true);
    const again = await memwell({ ...environment, HF_HUB_OFFLINE: "1" }, ...pull, "--json");
    expect(JSON.parse(again.stdout)).toMatchObject({ folder: at("."), entries: [{ source: "folder" }, { source: "folder" }] }); // prettier-ignore
    rmSync(at("models"), { recursive: true });
    const copied = await memwell({ ...environment, HF_HUB_OFFLINE: "1" }, ...pull, "--copy");
    expect(copied.stdout).toContain("models/tiny.gguf: from the cache");
    expect(lstatSync(at("models/tiny.gguf")).isFile()).toBe(true);
  });

  it("ends with 1 when one of them could not be had, and brings the others", async () => {
    const wrong = { path: "models/wrong.gguf", file: "tiny-Q8_0.gguf", sha256: "0".repeat(64), size: model.length };
    const { at, environment } = clone("wrong", [wrong]);
    const { exitCode, stdout, stderr } = await memwell(environment, "models", "pull", "--manifest", at("memwell-models.json")); // prettier-ignore
    expect(exitCode).toBe(1);
    expect(stdout).toContain("models/tiny.gguf: downloaded");
    expect(stderr).toContain(`models/wrong.gguf: tiny-Q8_0.gguf of org/tiny is not what the manifest says`);
    expect(existsSync(at("models/wrong.gguf"))).toBe(false);
  });

  it("ends with 1 for a manifest that leads elsewhere, and with 2 for wrong usage", async () => {
    const { at, environment } = clone("bad", [{ path: "../out", file: "x", sha256: "0".repeat(64), size: 1 }]);
    const manifest = ["--manifest", at("memwell-models.json")];
    const bad = await memwell(environment, "models", "pull", ...manifest);
    expect(bad).toMatchObject({ exitCode: 1, stdout: "", stderr: expect.stringContaining("entries.2.path") });
    expect(await memwell(environment, "models", "pull", "org/tiny", ...manifest)).toMatchObject({ exitCode: 2 });
    expect(await memwell(environment, "models", "pull", "--copy")).toMatchObject({ exitCode: 2 });
  });
});

describe("a start with MEMWELL_MANIFEST", () => {
  it("brings the model that the settings name by its path, and it answers", async () => {
    const { at, environment } = clone("chat");
    const settings = { MEMWELL_MANIFEST: at("memwell-models.json"), MEMWELL_RESPONSE_MODEL: at("models/tiny.gguf") };
    const ask = ["chat", "Hello", "--max-tokens", "8", "--seed", "1", "--quiet"];
    const { exitCode, stdout } = await memwell({ ...environment, ...settings }, ...ask);
    expect(exitCode).toBe(0);
    expect(stdout.length).toBeGreaterThan(5);
    expect(readFileSync(at("models/tiny.gguf"))).toEqual(model);
  });

  it("brings all of it before it is asked for, and tells what fails", async () => {
    const wrong = { path: "models/wrong.gguf", file: "gone.gguf", sha256: "0".repeat(64), size: 5 };
    const { at, environment } = clone("server", [wrong]);
    const config = loadConfig({ ...environment, MEMWELL_MANIFEST: at("memwell-models.json") });
    const runtime = await createRuntime(config, { childScript, keepSpare: false, prepareModels: true });
    try {
      await expect.poll(() => existsSync(at("docs/notes.txt")), { timeout: 60_000 }).toBe(true);
      await expect.poll(() => existsSync(at("models/tiny.gguf")), { timeout: 60_000 }).toBe(true);
      expect(existsSync(at("models/wrong.gguf"))).toBe(false);
    } finally {
      await runtime.close();
    }
  });

  it("is refused when the manifest cannot be read", async () => {
    const { environment } = clone("none");
    const { exitCode, stderr } = await memwell({ ...environment, MEMWELL_MANIFEST: join(folder, "no.json") }, "models", "ls"); // prettier-ignore
    expect(exitCode).toBe(1);
    expect(stderr).toContain("MEMWELL_MANIFEST=");
  });
});
