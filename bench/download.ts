/**
 * `npm run bench -- download [--size BYTES] [--rounds N] [--folder DIR]`: throughput of a download over loopback, next to
 * curl, which checks nothing, and to curl followed by sha256sum, which checks as much. Interleaved, one run on one machine;
 * quote the ratios. The server is a process of its own, and both cores are busy when nothing slows it down.
 */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { randomFillSync } from "node:crypto";
import { once } from "node:events";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { download } from "../lib/hub/download/download";
import { listRepo, type RepoListing } from "../lib/hub/client/listing";
import { resolveUrl } from "../lib/hub/download/remote-file";
import type { HubSettings } from "../lib/hub/settings";
import { raise, spread } from "./support/measure";

const { values: flags } = parseArgs({
  options: {
    size: { type: "string", default: "1000000000" },
    rounds: { type: "string", default: "5" },
    folder: { type: "string", default: tmpdir() },
  },
});
const SIZE = Number(flags.size);
const GIGABIT = 125_000_000;
const PATH = "model.gguf";

const folder = mkdtempSync(join(flags.folder, "memwell-bench-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
writeRandom(join(folder, "repos/org/name", PATH), SIZE);
console.log(`${cpus()[0]?.model ?? "unknown CPU"}, ${availableParallelism()} cores, Node ${process.version}`);
console.log(`${SIZE / 1e6} MB, written to ${flags.folder}, ${flags.rounds} rounds\n`);
await compare("as fast as it goes", null);
await compare("at 1 Gbit/s", GIGABIT);

async function compare(title: string, rate: number | null): Promise<void> {
  const { server, url } = await startServer(rate);
  const settings = settingsFor(url);
  const listing = await listRepo(settings, { repo_type: "model", repo_id: "org/name" }, "main");
  const rates = { memwell: [] as number[], curl: [] as number[], checked: [] as number[] };
  for (let round = 0; round < Number(flags.rounds); round++) {
    rates.curl.push(await rateOf(() => runCurl(settings, listing, false)));
    rates.memwell.push(await rateOf(() => runMemwell(settings, listing)));
    rates.checked.push(await rateOf(() => runCurl(settings, listing, true)));
  }
  const over = (yardstick: number[]) => spread(rates.memwell.map((rate, index) => rate / (yardstick[index] ?? NaN)));
  console.log(`${title}, MB/s`);
  console.log(`  memwell            ${spread(rates.memwell, 0)}`);
  console.log(`  curl               ${spread(rates.curl, 0)}     memwell over it: ${over(rates.curl)}`);
  console.log(`  curl, sha256sum    ${spread(rates.checked, 0)}     memwell over it: ${over(rates.checked)}\n`);
  const exited = once(server, "exit");
  server.kill("SIGTERM");
  await exited;
}

/** MB/s of one download into an empty folder, with nothing left to be written from the one before. */
async function rateOf(run: () => Promise<void>): Promise<number> {
  rmSync(join(folder, "out"), { recursive: true, force: true });
  mkdirSync(join(folder, "out"));
  execFileSync("sync", ["--file-system", folder]);
  const startedAt = performance.now();
  await run();
  return SIZE / 1000 / (performance.now() - startedAt);
}

async function runMemwell(settings: HubSettings, listing: RepoListing): Promise<void> {
  for await (const event of download(settings, { listing, paths: [PATH] })) {
    if (event.type === "failed") throw new Error(event.error.message);
  }
}

async function runCurl(settings: HubSettings, listing: RepoListing, isChecked: boolean): Promise<void> {
  const out = join(folder, "out/file");
  await runProgram("curl", [
    "--silent",
    "--fail",
    "--location",
    "--output",
    out,
    resolveUrl({ settings, listing, path: PATH }),
  ]);
  if (isChecked) await runProgram("sha256sum", [out]);
}

async function runProgram(name: string, programArguments: string[]): Promise<void> {
  const [code] = (await once(spawn(name, programArguments, { stdio: "ignore" }), "exit")) as [number | null];
  if (code !== 0) throw new Error(`${name} ended with ${code}`);
}

async function startServer(rate: number | null): Promise<{ server: ChildProcess; url: string }> {
  const program = join(import.meta.dirname, "../tests/fixtures/hub-server/main.ts");
  const programArguments = ["--folder", join(folder, "repos"), ...(rate === null ? [] : ["--rate", String(rate)])];
  const server = spawn(process.execPath, ["--import", "tsx", program, ...programArguments], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: server.stdout })) {
    const [, url] = /^listening (.+)$/.exec(line) ?? [];
    if (url !== undefined) return { server, url };
  }
  return raise("the server ended");
}

function settingsFor(endpoint: string): HubSettings {
  const cacheDir = join(folder, "out/hub");
  const beside = (name: string) => join(folder, name);
  return {
    cacheDir,
    endpoint,
    xetDir: beside("xet"),
    assetsDir: beside("assets"),
    tokenPath: beside("token"),
    token: null,
    offline: false,
  };
}

function writeRandom(path: string, size: number): void {
  mkdirSync(dirname(path), { recursive: true });
  const descriptor = openSync(path, "w");
  const piece = Buffer.alloc(4 * 1024 * 1024);
  for (let left = size; left > 0; left -= piece.length) {
    writeSync(descriptor, randomFillSync(piece), 0, Math.min(left, piece.length));
  }
  closeSync(descriptor);
}
