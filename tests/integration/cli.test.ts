import { resolve } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "./support";

/** The command line as it is built, in a folder of its own. Results on stdout, messages on stderr; 0, 1 and 2. */
const folder = temporaryFolder();

async function memwell(commandArguments: string[], environment: Record<string, string> = {}) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [resolve("dist/cli.js"), ...commandArguments], {
    cwd: folder,
    // A port nobody listens on: these commands are not to find somebody else's server.
    env: { PORT: "1", ...environment },
    reject: false,
  });
  return { exitCode, stdout, stderr };
}

describe("memwell chat", () => {
  it("answers with the models that are there without any setting", async () => {
    const answer = await memwell(["chat", "Hello there", "--max-tokens", "12"]);
    expect(answer).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/model response +demo-response/) });
    expect(answer.stdout.length).toBeGreaterThan(10);
  });
});

describe("memwell models and memory, without a server", () => {
  it("list what the settings name", async () => {
    const { exitCode, stdout } = await memwell(["models", "ls", "--json"]);
    expect(exitCode).toBe(0);
    const { data } = JSON.parse(stdout) as { data: { id: string }[] };
    expect(data.map(({ id }) => id)).toEqual(["demo-response", "demo-reasoning"]);
  });

  it("show the budget and who set it", async () => {
    const { stdout } = await memwell(["memory", "--json"], { MEMWELL_MEMORY_BUDGET: "64MiB" });
    expect(JSON.parse(stdout)).toMatchObject({
      limit: { bytes: 64 * 1024 ** 2, bound: "user" },
      budget: Math.floor(64 * 1024 ** 2 * 0.8),
      models: [],
    });
  });

  it.each(["load", "unload", "pin", "unpin"])("say that no server runs where one is needed: %s", async (action) => {
    const { exitCode, stderr } = await memwell(["models", action, "demo-response"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("npm start");
  });

  it("fit: 0 when a model fits, with its forecast by parts", async () => {
    const { exitCode, stdout, stderr } = await memwell(["models", "fit", "demo-response", "--json"]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    const { forecast, ...report } = JSON.parse(stdout) as { forecast: Record<string, number> };
    expect(report).toMatchObject({ fits: true, fits_beside: true, context_size: 4096, resident: [], ways_out: [] });
    const { total, ...parts } = forecast;
    expect(Object.keys(parts)).toEqual(["weights", "kv", "compute", "adapters", "process"]);
    expect(Object.values(parts).reduce((sum, bytes) => sum + bytes, 0)).toBe(total);
  });

  it("fit: 1 when a model does not fit, with what would help; nothing is loaded", async () => {
    const { exitCode, stdout } = await memwell(["models", "fit", "demo-response", "--context", "512"], {
      MEMWELL_MEMORY_BUDGET: "64MiB",
    });
    expect(exitCode).toBe(1);
    expect(stdout).toContain("x 512 tokens");
    expect(stdout).toContain("It does not fit.");
    expect(stdout).toContain("MEMWELL_MEMORY_BUDGET");
  });

  it("fit: says how to fetch a model of the Hub where the Hub may not be asked", async () => {
    const offline = { HF_HUB_OFFLINE: "1", HF_HOME: folder };
    const { exitCode, stdout, stderr } = await memwell(["models", "fit", "hf:org/repo:Q4_0"], offline);
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("npx memwell models pull hf:org/repo:Q4_0");
  });
});

describe("wrong usage", () => {
  it.each([
    [["chatt"], "Did you mean chat?"],
    [["serve", "--port", "abc"], "no whole number"],
    [["models", "fit"], "missing required argument"],
    [["models", "push", "x.gguf"], "--repo"],
    [["cache", "rm"], "missing required argument"],
    [["cache", "keep"], "say what to keep"],
    [["cache", "keep", "--max-size", "big"], "no size such as 30GB"],
    [["cache", "ls", "--filter", "size>big"], "is no filter"],
    [["cache", "ls", "--sort", "colour"], "is no order"],
    [["models", "fit", "demo-response", "--context", "0"], "not above zero"],
  ])("%j ends with 2", async (commandArguments, message) => {
    const { exitCode, stderr } = await memwell(commandArguments);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });

  it("a bad setting stops the start with its name, its value and what is allowed", async () => {
    const { exitCode, stderr } = await memwell(["serve"], { MEMWELL_MEMORY_BUDGET: "lots" });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('MEMWELL_MEMORY_BUDGET="lots"');
    expect(stderr).toContain("8GB");
  });
});
