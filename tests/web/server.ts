import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

const START_WITHIN_MS = 60_000;

export interface TestServer {
  /** `http://127.0.0.1:PORT` */
  address: string;
  pid: number;
  /** All it has written to its log so far. */
  log(): string;
  /** Asks the server to end, and returns its exit code. */
  stop(): Promise<number | null>;
}

/** The web server as it ships, on a free port unless `PORT` names one, with a data folder of its own. */
export async function startServer(environment: Record<string, string> = {}): Promise<TestServer> {
  const folder = await mkdtemp(path.join(tmpdir(), "memwell-web-"));
  const port = Number(environment["PORT"] ?? (await freePort()));
  const address = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [path.resolve("dist/cli.js"), "serve"], {
    cwd: folder,
    env: {
      ...process.env,
      NODE_ENV: "production",
      PORT: String(port),
      MEMWELL_HOST: "127.0.0.1",
      MEMWELL_DATA_DIR: path.join(folder, "data"),
      // None, so that models of random weights answer, unless a test brings some.
      MEMWELL_BUILTIN_MODELS: path.join(folder, "models"),
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (output += data.toString()));
  const exited = once(child, "exit") as Promise<[number | null]>;
  const ended = exited.then(([code]) => {
    throw new Error(`The server ended with code ${code}:\n${output}`);
  });
  ended.catch(() => {});
  await Promise.race([untilHealthy(address), ended]);
  return {
    address,
    pid: child.pid!,
    log: () => output,
    async stop() {
      child.kill("SIGTERM");
      const [code] = await exited;
      await rm(folder, { recursive: true, force: true });
      return code;
    },
  };
}

async function untilHealthy(address: string): Promise<void> {
  const deadline = Date.now() + START_WITHIN_MS;
  while (Date.now() < deadline) {
    const isHealthy = await fetch(`${address}/healthz`).then(
      (response) => response.ok,
      () => false,
    );
    if (isHealthy) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`The server did not answer within ${START_WITHIN_MS} ms`);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
