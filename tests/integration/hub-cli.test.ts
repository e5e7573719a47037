import { appendFileSync, chmodSync, existsSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRuntime, loadConfig } from "../../lib/runtime";
import { HubServer } from "../fixtures/hub-server";
import { ensureFixtureModel } from "../fixtures/models";
import { childScript, collect, temporaryFolder } from "./support";

/** The command line with the Hub and its cache: what a newcomer types, against a Hub of this test's own. */
const folder = temporaryFolder();
let hub: HubServer;
let model: Buffer;

beforeAll(async () => {
  hub = await HubServer.start();
  model = readFileSync(await ensureFixtureModel("tiny"));
  hub.createRepo("model", "org/tiny-GGUF").commit({ "README.md": "tiny", "tiny-Q8_0.gguf": model });
});
afterAll(() => hub.close());

function environmentIn(home: string, more: Record<string, string> = {}): Record<string, string> {
  return {
    PORT: "1",
    HF_HOME: join(folder, home),
    HF_ENDPOINT: hub.url,
    MEMWELL_DATA_DIR: join(folder, home, "data"),
    MEMWELL_THREADS: "1",
    ...more,
  };
}

async function memwell(home: string, commandArguments: string[], more: Record<string, string> = {}) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [resolve("dist/cli.js"), ...commandArguments], {
    cwd: folder,
    env: environmentIn(home, more),
    reject: false,
  });
  return { exitCode, stdout, stderr };
}

const json = (text: string) => JSON.parse(text) as Record<string, never>;

describe("memwell models", () => {
  it("pull downloads into the standard cache and prints the file; again, nothing is downloaded", async () => {
    const first = await memwell("pull", ["models", "pull", "org/tiny-GGUF"]);
    expect(first.exitCode).toBe(0);
    expect(first.stderr).toContain("Q8_0 is the only model on the Hub.");
    const path = first.stdout.trim();
    expect(path).toMatch(/pull\/hub\/models--org--tiny-GGUF\/snapshots\/[0-9a-f]{40}\/tiny-Q8_0\.gguf$/);
    expect(readFileSync(path)).toEqual(model);
    const sent = hub.bytesSent(/cdn/);
    expect((await memwell("pull", ["models", "pull", "hf:org/tiny-GGUF:q8_0"])).stdout.trim()).toBe(path);
    expect(hub.bytesSent(/cdn/)).toBe(sent);
  });

  it("pull says what is missing, and what to pull when nothing is named", async () => {
    const missing = await memwell("pull", ["models", "pull", "org/nobody"]);
    expect(missing).toMatchObject({ exitCode: 1, stdout: "" });
    expect(missing.stderr).toContain("org/nobody");
    const nothing = await memwell("pull", ["models", "pull"]);
    expect(nothing).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("hf:ORG/REPO:Q4_K_M") });
  });

  it("fit reads a header on the Hub and downloads no model", async () => {
    const sent = hub.bytesSent(/./);
    const { exitCode, stdout } = await memwell("fit", ["models", "fit", "hf:org/tiny-GGUF"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("Only on the Hub: hf:org/tiny-GGUF/tiny-Q8_0.gguf@");
    expect(stdout).toContain("It fits.");
    expect(existsSync(join(folder, "fit", "hub"))).toBe(false);
    // The whole of this model is smaller than what is asked for at once.
    expect(hub.bytesSent(/./) - sent).toBeLessThan(model.length + 20_000);
  });

  it("push uploads what is not there, into a private repository", async () => {
    const file = join(folder, "my-tune.gguf");
    writeFileSync(file, model);
    const upload = ["models", "push", file, "--repo", "org/my-tune", "--json"];
    const refused = await memwell("push", upload);
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/HF_TOKEN/) });
    const first = await memwell("push", upload, { HF_TOKEN: hub.token });
    expect(first.exitCode).toBe(0);
    expect(json(first.stdout)).toMatchObject({ uploaded: ["my-tune.gguf"], skipped: [] });
    expect(json((await memwell("push", upload, { HF_TOKEN: hub.token })).stdout)).toMatchObject({
      uploaded: [],
      skipped: ["my-tune.gguf"],
    });
    expect((await memwell("push", ["models", "pull", "org/my-tune"])).exitCode).toBe(1);
    expect((await memwell("push", ["models", "pull", "org/my-tune"], { HF_TOKEN: hub.token })).exitCode).toBe(0);
  });
});

describe("a model of the Hub in the settings", () => {
  const settings = { MEMWELL_RESPONSE_MODEL: "hf:org/tiny-GGUF:Q8_0" };

  it("is downloaded when it is first asked, and answers offline from then on", async () => {
    const ask = ["chat", "Hello", "--max-tokens", "8", "--seed", "1", "--quiet"];
    const first = await memwell("chat", ask, settings);
    expect(first.exitCode).toBe(0);
    expect(first.stdout.length).toBeGreaterThan(5);
    expect(await memwell("chat", ask, { ...settings, HF_HUB_OFFLINE: "1" })).toEqual(first);
    const never = await memwell("chat-offline", ask, { ...settings, HF_HUB_OFFLINE: "1" });
    expect(never).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("npx memwell models pull") });
  });

  it("is told while it is downloaded, and is not removed while it is loaded", async () => {
    const config = loadConfig(environmentIn("use", settings));
    const runtime = await createRuntime(config, { childScript, keepSpare: false });
    try {
      const request = { prompt: { messages: [{ role: "user" as const, content: "Hello" }] }, maxTokens: 4 };
      const heard: string[] = [];
      for await (const event of runtime.generate("tiny-q8_0", request)) {
        heard.push(event.type === "fetching" ? `fetching ${event.progress.type}` : event.type);
      }
      expect(heard).toContain("fetching resolving");
      expect(heard.at(-1)).toBe("done");
      const rm = ["cache", "rm", "org/tiny-GGUF", "--yes"];
      const kept = await memwell("use", rm);
      expect(kept).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("0.0 MB freed") });
      expect(kept.stderr).toMatch(/Kept org\/tiny-GGUF: .*use/);
      await runtime.unload("tiny-q8_0");
      expect(await memwell("use", rm)).toMatchObject({ exitCode: 0, stderr: "" });
      const { failed, done } = await collect(runtime.generate("tiny-q8_0", request));
      expect(failed).toBeNull();
      expect(done).not.toBeNull();
    } finally {
      await runtime.close();
    }
  });
});

describe("memwell cache", () => {
  beforeAll(async () => {
    await memwell("cache", ["models", "pull", "org/tiny-GGUF"]);
  });

  it("ls lists repositories, as JSON with the names of huggingface_hub", async () => {
    const { exitCode, stdout } = await memwell("cache", ["cache", "ls", "--revisions"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^REPO +TYPE +SIZE/);
    expect(stdout).toMatch(/org\/tiny-GGUF +model .* main\n +[0-9a-f]{40}/);
    const listed = json((await memwell("cache", ["cache", "ls", "--json"])).stdout);
    expect(listed).toMatchObject({
      nb_repos: 1,
      size_on_disk: model.length,
      repos: [{ repo_id: "org/tiny-GGUF", nb_files: 1, refs: ["main"], revisions: [{ nb_files: 1 }] }],
    });
  });

  it("ls --filter leaves those that pass every one", async () => {
    const list = ["cache", "ls", "--json", "--filter"];
    const count = async (...filters: string[]) => json((await memwell("cache", [...list, ...filters])).stdout)["repos"];
    expect(await count("size>100kB", "name=TINY")).toHaveLength(1);
    expect(await count("size>100kB", "modified>1w")).toHaveLength(0);
  });

  it("ls says that there is no such cache", async () => {
    const missing = await memwell("cache", ["cache", "ls", "--cache-dir", join(folder, "none")]);
    expect(missing).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("HF_HUB_CACHE") });
  });

  it("verify finds a byte that changed", async () => {
    await memwell("verify", ["models", "pull", "org/tiny-GGUF"]);
    const verify = ["cache", "verify", "org/tiny-GGUF"];
    const whole = await memwell("verify", verify);
    expect(whole).toMatchObject({ exitCode: 0, stderr: "" });
    expect(whole.stdout).toContain("1 of 1 files are as their names and the Hub say");
    expect(whole.stdout).toContain("1 more on the Hub");
    expect(await memwell("verify", [...verify, "--local"])).toMatchObject({ exitCode: 0 });
    const path = (await memwell("verify", ["models", "pull", "org/tiny-GGUF"])).stdout.trim();
    chmodSync(realpathSync(path), 0o644);
    appendFileSync(realpathSync(path), "x");
    const damaged = await memwell("verify", [...verify, "--local"]);
    expect(damaged.exitCode).toBe(1);
    expect(damaged.stdout).toMatch(/mismatch: [0-9a-f]{12} tiny-Q8_0\.gguf/);
  });

  it("rm, prune and keep show a plan, ask, and remove nothing without a yes", async () => {
    await memwell("clean", ["models", "pull", "org/tiny-GGUF"]);
    const dry = await memwell("clean", ["cache", "rm", "org/tiny-GGUF", "--dry-run", "--json"]);
    expect(json(dry.stdout)).toMatchObject({ action: "rm", expected_freed_size: model.length });
    const asked = await memwell("clean", ["cache", "rm", "org/tiny-GGUF"]);
    expect(asked).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("--yes") });
    expect(asked.stdout).toContain("org/tiny-GGUF");
    expect(await memwell("clean", ["cache", "prune", "--yes"])).toMatchObject({
      exitCode: 0,
      stdout: "Nothing to remove.",
    });
    expect(await memwell("clean", ["cache", "keep", "1", "--yes"])).toMatchObject({ stdout: "Nothing to remove." });
    const gone = await memwell("clean", ["cache", "keep", "0", "--yes", "--json"]);
    expect(json(gone.stdout)).toMatchObject({ freed_size: model.length, kept: [] });
    expect(json((await memwell("clean", ["cache", "ls", "--json"])).stdout)).toMatchObject({ nb_repos: 0 });
    const nothing = await memwell("clean", ["cache", "rm", "org/tiny-GGUF", "--yes"]);
    expect(nothing).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("org/tiny-GGUF") });
  });
});
