import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

const WATCHER = `
  const { readdirSync } = require("node:fs");
  const [folder, pid] = process.argv.slice(1);
  process.stdout.write("ready");
  for (;;) {
    try { if (readdirSync(folder).length > 0) break; } catch {}
  }
  process.kill(Number(pid), "SIGSTOP");
`;

/**
 * Stops a process as soon as there is something in a folder, which it puts there itself: what it does then waits.
 *
 * @returns `stopped` resolves when that has happened; `goOn` ends it, whatever has happened
 */
export async function stopWhenFilled(pid: number, folder: string) {
  const watcher = spawn(process.execPath, ["-e", WATCHER, folder, String(pid)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(watcher, "exit");
  await once(watcher.stdout, "data");
  return {
    stopped: exited.then(() => {}),
    goOn: () => {
      watcher.kill("SIGKILL");
      process.kill(pid, "SIGCONT");
    },
  };
}

/** Stands between a browser and a server, and can break what is between them. */
export async function breakableWay(address: string) {
  const { hostname, port } = new URL(address);
  const open = new Set<Socket>();
  const way = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.on("error", () => {}).on("close", () => (open.delete(from), to.destroy()));
      from.pipe(to);
    }
  }).listen(0, "127.0.0.1");
  await once(way, "listening");
  return {
    address: `http://127.0.0.1:${(way.address() as AddressInfo).port}`,
    break: () => {
      for (const socket of open) socket.destroy();
    },
    close: () => {
      for (const socket of open) socket.destroy();
      way.close();
    },
  };
}
