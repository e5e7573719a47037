import { createServer } from "node:net";
import { pathToFileURL } from "node:url";
import { absolutePaths, loadConfig, MemwellError } from "../runtime";
import type { ModelList } from "../wire";
import { whoAnswers } from "./who-answers";
import { webServerPath } from "./paths";

/** Runs the built web server in this process; one process less to hold in memory. */
export async function serve(options: { port?: number; host?: string }): Promise<void> {
  if (options.port !== undefined) process.env["PORT"] = String(options.port);
  if (options.host !== undefined) process.env["MEMWELL_HOST"] = options.host;
  const folder = process.cwd();
  // Read here already, so that a bad setting is told before anything starts.
  const config = loadConfig(process.env, folder);
  const server = webServerPath();
  if (server === null)
    throw new MemwellError(
      "not_found",
      "The web app is not built. Run `npm run build`, or `npm start`, which builds it.",
    );
  await refuseTakenPort(config.port, config.host);
  Object.assign(process.env, absolutePaths(process.env, folder), {
    PORT: String(config.port),
    HOSTNAME: config.host,
    // The runtime ends its children before the process goes; Next.js would not wait for that.
    NEXT_MANUAL_SIG_HANDLE: "true",
  });
  await import(pathToFileURL(server).href);
  await announce(config.host, config.port);
}

async function refuseTakenPort(port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (cause: NodeJS.ErrnoException) =>
      reject(
        new MemwellError(
          "invalid_setting",
          `Memwell cannot listen on ${host}:${port} (${cause.code}). Set PORT to a free port, or end the program that uses it.`,
          { port, host, reason: cause.code },
          { cause },
        ),
      ),
    );
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}

async function announce(host: string, port: number): Promise<void> {
  const reachable = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  const address = `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`;
  for (let attempt = 0; attempt < 200; attempt++) {
    const alive = await fetch(`${address}/healthz`).then(
      (response) => response.ok,
      () => false,
    );
    if (alive) {
      process.stdout.write(`Memwell is at ${address}\n`);
      await announceModels(address);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A convenience: a server that cannot say so now answers all the same. */
async function announceModels(address: string): Promise<void> {
  try {
    const { data } = (await (await fetch(`${address}/v1/models`)).json()) as ModelList;
    process.stdout.write(`${whoAnswers(data)}\n`);
  } catch {
    // The page says the same.
  }
}
