import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { offerModels } from "../fixtures/choosable-models";
import { HubServer } from "../fixtures/hub-server";
import { temporaryFolder } from "./support";

/** Models chosen from the command line while no server runs. */
const folder = temporaryFolder();
let hub: HubServer;
let catalogue: string;

beforeAll(async () => {
  hub = await HubServer.start();
  catalogue = await offerModels(hub, folder);
});
afterAll(() => hub.close());

async function memwell(home: string, commandArguments: string[], more: Record<string, string> = {}) {
  const environment = {
    PORT: "1",
    HF_HOME: join(folder, home),
    HF_ENDPOINT: hub.url,
    MEMWELL_DATA_DIR: join(folder, home, "data"),
    MEMWELL_CATALOGUE: catalogue,
    MEMWELL_THREADS: "1",
    ...more,
  };
  const { exitCode, stdout, stderr } = await execa(process.execPath, [resolve("dist/cli.js"), ...commandArguments], {
    cwd: folder,
    env: environment,
    reject: false,
  });
  return { exitCode, stdout, stderr };
}

describe("memwell models list", () => {
  it("prints a table for people, and JSON for programs", async () => {
    const table = await memwell("list", ["models", "list"]);
    expect(table).toMatchObject({ exitCode: 0, stderr: "" });
    expect(table.stdout).toMatch(/^ID +FOR +SIZE +PARAMETERS +CONTEXT +LICENSE +FITS +NOW$/m);
    expect(table.stdout).toMatch(/^tutor +response +about 17\.3 MB .*apache-2\.0 +(?:yes|takes turns): about /m);
    expect(table.stdout).toMatch(/^built-in .*answers \(response, reasoning\)$/m);
    const listed = await memwell("list", ["models", "list", "--json"]);
    expect(JSON.parse(listed.stdout)).toMatchObject({
      date: "2026-11-22",
      may_use: "yes",
      locked_by: { response: null, reasoning: null },
    });
  });

  it("has real models without any setting", async () => {
    const { stdout } = await memwell("shipped", ["models", "list", "--json"], { MEMWELL_CATALOGUE: "" });
    const { models } = JSON.parse(stdout) as { models: { id: string; reference: string | null }[] };
    expect(models.length).toBeGreaterThan(10);
    expect(models.slice(1).every(({ reference }) => reference?.startsWith("hf:"))).toBe(true);
  });

  it("says what is wrong with an owner's catalogue", async () => {
    const broken = join(folder, "broken.json");
    writeFileSync(broken, JSON.stringify({ date: "2026-11-22", models: [{ id: "x" }] }));
    const { exitCode, stderr } = await memwell("broken", ["models", "list"], { MEMWELL_CATALOGUE: broken });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/broken\.json.*models\.0.*MEMWELL_CATALOGUE/s);
  });
});

describe("memwell models use", () => {
  it("downloads a model, tries it, and every command after it uses it", async () => {
    const used = await memwell("use", ["models", "use", "both"]);
    expect(used).toMatchObject({ exitCode: 0, stdout: "The both answers now (response, reasoning)." });
    const { stdout } = await memwell("use", ["models", "ls", "--json"]);
    expect((JSON.parse(stdout) as { data: { id: string }[] }).data.map(({ id }) => id)).toEqual(["both-q8_0"]);
    const asked = await memwell("use", ["chat", "Hello", "--max-tokens", "6"]);
    expect(asked).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("both-q8_0") });
    // A cleaning takes no model that was chosen.
    const kept = await memwell("use", ["cache", "keep", "0", "--yes"]);
    expect(kept.stdout).toContain("Nothing to remove.");
  });

  it("says why it failed, on standard error, and changes nothing", async () => {
    const failed = await memwell("fails", ["models", "use", "liar"]);
    expect(failed).toMatchObject({ exitCode: 1, stdout: "" });
    expect(failed.stderr).toContain("demo-response goes on answering");
    const json = await memwell("fails", ["models", "use", "liar", "--json"]);
    expect(json.exitCode).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({ phase: "failed", error: { code: "model_unsupported" } });
    expect(() => readFileSync(join(folder, "fails", "data", "models.json"))).toThrow("ENOENT");
  });

  it.each([
    [["models", "use", "nothing"], {}, 1, "built-in, tutor"],
    [["models", "use", "tutor"], { MEMWELL_RESPONSE_MODEL: "x.gguf" }, 1, "MEMWELL_RESPONSE_MODEL"],
    [["models", "use", "tutor", "--role", "king"], {}, 2, "response, reasoning"],
    [["models", "use"], {}, 2, "missing required argument"],
  ])("%j with %j ends with %i", async (commandArguments, more, exitCode, message) => {
    const ended = await memwell("refused", commandArguments, more);
    expect(ended.exitCode).toBe(exitCode);
    expect(ended.stderr).toContain(message);
  });
});
