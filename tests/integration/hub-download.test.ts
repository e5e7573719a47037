import { spawn, type ChildProcess } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { HubServer } from "../fixtures/hub-server";

const SIZE = 24_000_000;
const KILLS = 50;
/** Before the end: a process that has everything is hard to catch. */
const LAST_KILL = 20_000_000;
const CDN = /^\/cdn\//;

// Inside the tree, since it finds its packages from there.
const folder = mkdtempSync(join(process.cwd(), "node_modules/.hub-download-"));
const program = join(folder, "download-program.mjs");
const caches = mkdtempSync(join(tmpdir(), "memwell-download-"));
const hub = await HubServer.start();
const repo = hub.createRepo("model", "org/name");
repo.commit({ "model.gguf": { size: SIZE, seed: 1 } });
const ETAG = repo.sha256Of("model.gguf");
let cache = 0;

beforeAll(async () => {
  await build({
    entryPoints: ["tests/fixtures/download-program.ts"],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
  });
});
afterEach(() => {
  hub.rate = null;
  hub.requests.length = 0;
});
afterAll(async () => {
  await hub.close();
  for (const path of [folder, caches]) rmSync(path, { recursive: true, force: true });
});

function newCache(): string {
  return join(caches, String(cache++), "hub");
}

function argumentsFor(cacheDir: string, more: object = {}): string[] {
  return [program, JSON.stringify({ endpoint: hub.url, cacheDir, repo: "org/name", path: "model.gguf", ...more })];
}

function blobOf(cacheDir: string): string {
  return join(cacheDir, "models--org--name/blobs", ETAG);
}

async function eventsOf(child: ChildProcess): Promise<{ type: string; [field: string]: unknown }[]> {
  if (child.stdout === null) throw new Error("no stdout");
  const events = [];
  for await (const line of createInterface({ input: child.stdout })) events.push(JSON.parse(line));
  return events;
}

/** Ends the process with a signal it cannot see once the server has sent so much; "ended" when it was quicker. */
async function killAt(bytes: number, child: ChildProcess): Promise<"killed" | "ended"> {
  const exited = once(child, "exit");
  const watch = setInterval(() => {
    if (hub.bytesSent(CDN) >= bytes) child.kill("SIGKILL");
  }, 3);
  const [, signal] = await exited;
  clearInterval(watch);
  return signal === "SIGKILL" ? "killed" : "ended";
}

it(`ends with the right file after ${KILLS} kills, and downloads hardly more than its size`, async () => {
  const cacheDir = newCache();
  hub.rate = 2_400_000;
  const points = Array.from({ length: KILLS }, () => randomInt(1, LAST_KILL)).sort((left, right) => left - right);
  const outcomes = new Set<string>();
  for (const point of points) {
    outcomes.add(await killAt(point, spawn(process.execPath, argumentsFor(cacheDir), { stdio: "ignore" })));
  }
  expect([...outcomes]).toEqual(["killed"]);
  expect(readdirSync(join(cacheDir, "models--org--name/blobs"))).not.toContain(ETAG);

  hub.rate = null;
  const events = await eventsOf(
    spawn(process.execPath, argumentsFor(cacheDir), { stdio: ["ignore", "pipe", "inherit"] }),
  );
  expect(events.at(-2)).toMatchObject({ type: "done" });
  expect(readFileSync(blobOf(cacheDir)).equals(repo.contentOf("model.gguf"))).toBe(true);
  expect(readdirSync(join(cacheDir, "models--org--name/blobs"))).toEqual([ETAG]);
  // What a kill finds in the sockets is sent again: some 60 kB where the machine is busy, less elsewhere. Were nothing
  // kept of what came before, it would be over 20 times the size.
  expect(hub.bytesSent(CDN) / SIZE).toBeLessThanOrEqual(1.4);
}, 180_000);

it("is fetched once when two processes ask for it at once", async () => {
  const cacheDir = newCache();
  const start = () =>
    eventsOf(spawn(process.execPath, argumentsFor(cacheDir), { stdio: ["ignore", "pipe", "inherit"] }));
  const both = await Promise.all([start(), start()]);
  expect(both.map((events) => events.at(-2)?.type)).toEqual(["done", "done"]);
  expect(hub.bytesSent(CDN)).toBe(SIZE);
  expect(readFileSync(blobOf(cacheDir)).equals(repo.contentOf("model.gguf"))).toBe(true);
});

/** A proxy as companies have them: it opens a way to whoever is asked for, and counts. */
async function startProxy() {
  const server = createServer();
  let tunnels = 0;
  server.on("connect", (request, socket) => {
    tunnels += 1;
    const { hostname, port } = new URL(`http://${request.url}`);
    const upstream = connect(Number(port), hostname, () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    for (const end of [upstream, socket]) end.on("error", () => socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, tunnels: () => tunnels, close: () => server.close() };
}

it.each([
  ["goes through the proxy that the environment names", "", true],
  ["does not where NO_PROXY says so", "127.0.0.1", false],
])("%s", async (_, noProxy, isUsed) => {
  const proxy = await startProxy();
  const env = { ...process.env, HTTP_PROXY: proxy.url, http_proxy: proxy.url, NO_PROXY: noProxy, no_proxy: noProxy };
  const child = spawn(process.execPath, argumentsFor(newCache()), { env, stdio: ["ignore", "pipe", "inherit"] });
  const events = await eventsOf(child);
  proxy.close();
  expect(events.at(-2)).toMatchObject({ type: "done" });
  expect(proxy.tunnels() > 0).toBe(isUsed);
});

/** A file system of 64 MB of its own needs a namespace of its own; some containers allow none. */
const SMALL_DISK = ["-rm", "sh", "-c", 'mount -t tmpfs -o size=64m none "$0" && exec "$@"'];
const hasNamespaces = await execa("unshare", [...SMALL_DISK, caches, "true"], { reject: false });

it.skipIf(hasNamespaces.failed).each([
  { at: 2_000_000, kept: [] },
  { at: 20_000_000, kept: [expect.stringMatching(/\.incomplete$/)] },
])("says so when the disk fills up after $at bytes, and gives back what others need", async ({ at, kept }) => {
  hub.rate = 20_000_000;
  const small = mkdtempSync(join(caches, "small-"));
  const program = argumentsFor(join(small, "hub"), { fillDiskAt: at });
  const child = spawn("unshare", [...SMALL_DISK, small, process.execPath, ...program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const events = await eventsOf(child);
  expect(events.at(-2)).toMatchObject({ type: "failed", error: { code: "disk_full" } });
  expect(events.at(-2)).toMatchObject({ error: { message: expect.stringContaining("memwell cache prune") } });
  expect(events.at(-1)).toMatchObject({ type: "disk", blobs: kept });
  expect(events.at(-1)?.["free"]).toBeGreaterThan(Math.min(at, 15_000_000));
});
