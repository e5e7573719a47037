import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/** As much of execa's subprocess as is needed here. */
export interface RunningServer extends PromiseLike<{ all: string }> {
  exitCode: number | null;
  signalCode: string | null;
}

/**
 * What a fresh machine's commands see: no NODE_ENV or npm_* from the test runner. npm may use what it has downloaded
 * before, which is all it keeps from one build to the next.
 */
export function cleanEnvironment(): Record<string, string> {
  const { PATH = "", HOME = "" } = process.env;
  return { PATH, HOME, npm_config_prefer_offline: "true" };
}

/** Resolves when the address answers; fails with what the server said when it ended first. */
export async function answering(url: string, server: RunningServer): Promise<void> {
  for (;;) {
    if (server.exitCode !== null || server.signalCode !== null) {
      throw new Error(`The server ended at once:\n${(await server).all}`);
    }
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await wait(100);
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return address.port;
}

/** The process ids below `pid`, children's children too. */
export async function descendants(pid: number): Promise<number[]> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8")).trim().split(" ").filter(Boolean);
  const below = await Promise.all(children.map((child) => descendants(Number(child))));
  return [...children.map(Number), ...below.flat()];
}
