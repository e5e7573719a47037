import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answering, cleanEnvironment, descendants, freePort } from "./server";

const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", "..");

let dataFolder: string;
let port: number;
let npm: ReturnType<typeof npmStart>;
let printed = "";

describe.runIf(process.platform === "linux")("npm start", () => {
  beforeAll(async () => {
    dataFolder = await mkdtemp(path.join(os.tmpdir(), "memwell-start-"));
    port = await freePort();
    npm = npmStart();
    npm.all.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    await answering(`http://127.0.0.1:${port}/healthz`, npm);
  });

  afterAll(async () => {
    npm.kill("SIGKILL");
    await npm;
    await rm(dataFolder, { recursive: true, force: true });
  });

  it("prints the address", async () => {
    await expect.poll(() => printed, { timeout: 30_000 }).toContain(`http://127.0.0.1:${port}`);
  });

  it("ends with npm: a signal to npm alone leaves no server behind", async () => {
    // The shell between npm and node would end alone, and leave the server an orphan, were it not for `exec`.
    const family = await descendants(npm.pid!);
    expect(family.length).toBeGreaterThan(0);
    npm.kill("SIGTERM");
    await npm;
    // What a killed engine had just begun itself (its library tries out each build in a process) ends a moment after it.
    await expect.poll(() => family.filter((pid) => existsSync(`/proc/${pid}`)), { timeout: 10_000 }).toEqual([]);
  });
});

function npmStart() {
  return execa("npm", ["start"], {
    cwd: repository,
    env: { ...cleanEnvironment(), PORT: String(port), MEMWELL_DATA_DIR: dataFolder },
    extendEnv: false,
    all: true,
    reject: false,
  });
}
