import { existsSync } from "node:fs";
import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BuiltImage, buildImage } from "./docker-build";
import { answering, cleanEnvironment, descendants, freePort } from "./server";

const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", "..");

let workshop: string;
let image: BuiltImage;
let server: ReturnType<typeof start>;
let address: string;

describe("the image the Dockerfile describes", () => {
  beforeAll(async () => {
    workshop = await mkdtemp(path.join(os.tmpdir(), "memwell-docker-"));
    await chmod(workshop, 0o755); // the image's user must be able to come in
    expectNoPackagesAbove(workshop);
    image = await buildImage(repository, workshop);
    // As in the real thing: of the build stage, nothing is left but what was copied out of it.
    await rm(path.join(workshop, "build"), { recursive: true });
    const port = await freePort();
    address = `http://127.0.0.1:${port}`;
    server = start(image, port);
    await answering(`${address}/healthz`, server);
  });

  afterAll(async () => {
    server?.kill("SIGKILL");
    await server;
    if (workshop) await rm(workshop, { recursive: true, force: true });
  });

  it("runs as somebody who is not root", () => {
    expect(image.user).toBe(1000);
  });

  it("carries no engine build but the one for this processor", async () => {
    const builds = await readdir(path.join(image.folder, "node_modules", "@node-llama-cpp"));
    expect(builds).toEqual([`${process.platform}-${process.arch}`]);
  });

  it("answers GET / with the page and GET /healthz", async () => {
    const page = await fetch(`${address}/`);
    expect(page.status).toBe(200);
    expect(page.headers.get("content-type")).toContain("text/html");
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
  });

  it("serves the page's own script and style files", async () => {
    const page = await (await fetch(`${address}/`)).text();
    const files = [...page.matchAll(/\/_next\/static\/[^"\\]+\.(?:js|css)/g)].map(([file]) => file);
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) expect((await fetch(`${address}${file}`)).status, file).toBe(200);
  });

  it("is found healthy by its own health check", async () => {
    const [program = "", ...programArguments] = image.healthCheck;
    const port = new URL(address).port;
    await execa(program, programArguments, { cwd: image.folder, env: { PORT: port } });
  });

  it("streams a chat completion of the model memwell", async () => {
    const answer = await fetch(`${address}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        model: "memwell",
        stream: true,
        max_tokens: 16,
        messages: [{ role: "user", content: "Hello" }],
      }),
    });
    const body = await answer.text();
    expect(answer.status, body).toBe(200);
    const events = body.split("\n\n").flatMap((event) => (event.startsWith("data: ") ? [event.slice(6)] : []));
    expect(events.at(-1)).toBe("[DONE]");
    const chunks = events.slice(0, -1).map((event) => JSON.parse(event) as Chunk);
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("")).not.toBe("");
    expect(chunks.some((chunk) => chunk.choices[0]?.finish_reason)).toBe(true);
  });

  it("calculates: the library that is found by its path is there", async () => {
    const answer = await fetch(`${address}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        model: "memwell",
        max_tokens: 4,
        max_thought_tokens: 0,
        messages: [{ role: "user", content: "What is 3/4 + 1/8?" }],
      }),
    });
    expect(await answer.json()).toMatchObject({ memwell: { trace: { tools: [{ display: { result: "7/8" } }] } } });
  });

  it.runIf(process.platform === "linux")("ends on SIGTERM and leaves no process behind", async () => {
    const family = await descendants(server.pid!);
    expect(family.length).toBeGreaterThan(0); // the engine that answered above
    server.kill("SIGTERM");
    const { exitCode, signal, all } = await server;
    expect([exitCode, signal], all).toEqual([0, undefined]);
    // What a killed engine had just begun itself (its library tries out each build in a process) ends a moment after it.
    await expect.poll(() => family.filter((pid) => existsSync(`/proc/${pid}`)), { timeout: 10_000 }).toEqual([]);
  });
});

interface Chunk {
  choices: { delta: { content?: string }; finish_reason: string | null }[];
}

function start({ command, environment, folder, user }: BuiltImage, port: number) {
  const [program = "", ...programArguments] = command;
  // Root can start it as the image's user, which finds a folder that this user may not write to.
  const asUser = user !== null && process.getuid?.() === 0 ? { uid: user, gid: user } : {};
  return execa(program, programArguments, {
    cwd: folder,
    env: { ...cleanEnvironment(), ...environment, PORT: String(port) },
    extendEnv: false,
    all: true,
    reject: false,
    ...asUser,
  });
}

/** Node finds packages in every folder above: one there would hide a file that the image lacks. */
function expectNoPackagesAbove(folder: string): void {
  for (let above = folder; above !== path.dirname(above); above = path.dirname(above)) {
    expect(existsSync(path.join(above, "node_modules")), `${above}/node_modules is in the way`).toBe(false);
  }
}
