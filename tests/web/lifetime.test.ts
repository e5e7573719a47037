import { readdirSync } from "node:fs";
import { createParser } from "eventsource-parser";
import { afterEach, describe, expect, it } from "vitest";
import { readProcessMemory } from "../../lib/memory";
import { childrenOf } from "./processes";
import { startServer, type TestServer } from "./server";

/** What happens to processes: the children end with the server however it ends, and the server outlives its children. */
// A kill costs a new process and a load, so the everyday run does the fewest that still tell a leak from the collector's
// noise; MEMWELL_TEST_KILLS=200 looks closer.
const KILLS = Number(process.env.MEMWELL_TEST_KILLS ?? 60);
const WARM_UP = 20;
let server: TestServer | null = null;

afterEach(async () => {
  await server?.stop().catch(() => {});
  server = null;
});

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

async function until(what: () => boolean | Promise<boolean>, ms = 15_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await what())) {
    if (Date.now() > deadline) throw new Error(`did not come true within ${ms} ms: ${what.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function ask(address: string, body: Record<string, unknown>): Promise<Response> {
  return fetch(`${address}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "demo-response", messages: [{ role: "user", content: "Hello" }], ...body }),
  });
}

/** The frames of one stream, calling `onFrame` as each arrives. */
async function readFrames(response: Response, onFrame: (data: string) => void = () => {}): Promise<string[]> {
  const frames: string[] = [];
  const parser = createParser({
    onEvent: ({ data }) => {
      frames.push(data);
      onFrame(data);
    },
  });
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) parser.feed(decoder.decode(chunk, { stream: true }));
  return frames;
}

describe.runIf(process.platform === "linux")("the children of a server", () => {
  it("are gone when it ends on SIGTERM, in the middle of an answer too", async () => {
    server = await startServer();
    const { pid } = server;
    const response = await ask(server.address, { stream: true });
    const reading = readFrames(response).catch(() => []);
    await until(() => childrenOf(pid).length === 2);
    const children = childrenOf(pid);
    expect(await server.stop()).toBe(0);
    server = null;
    await reading;
    expect(children.filter(isRunning)).toEqual([]);
  });

  it("do not survive a kill -9 of the server", async () => {
    server = await startServer();
    await (await ask(server.address, { max_tokens: 2 })).json();
    await until(() => childrenOf(server!.pid).length === 2);
    const children = childrenOf(server.pid);
    process.kill(server.pid, "SIGKILL");
    await until(() => !children.some(isRunning));
  });
});

describe.runIf(process.platform === "linux")("a server whose child is killed in a stream", () => {
  it(
    `ends the stream with one clear error; ${KILLS} kills leave its memory and handles where they were`,
    async () => {
      server = await startServer();
      const { pid, address } = server;
      const killOnce = async (round: number): Promise<void> => {
        const response = await ask(address, { stream: true, seed: round });
        if (response.status !== 200) throw new Error(`round ${round}: ${response.status} ${await response.text()}`);
        let killed = false;
        const frames = await readFrames(response, (data) => {
          if (killed || !data.includes('"content":"')) return;
          killed = true;
          for (const child of childrenOf(pid)) process.kill(child, "SIGKILL");
        });
        expect(killed, frames.join("\n")).toBe(true);
        // An answer can be complete before the kill lands; then it simply ends well.
        if (frames.at(-1) === "[DONE]") return;
        const errors = frames.filter((frame) => frame.startsWith('{"error"'));
        expect(errors).toHaveLength(1);
        expect(frames.at(-1)).toBe(errors[0]);
        expect(JSON.parse(errors[0] as string)).toMatchObject({ error: { code: "engine_crashed", signal: "SIGKILL" } });
      };
      const handles = (): number => readdirSync(`/proc/${pid}/fd`).length;
      const settled = async (): Promise<{ handles: number; anonymous: number; children: number }> => {
        await (await ask(address, { max_tokens: 2 })).json();
        await until(() => childrenOf(pid).length === 2);
        return {
          handles: handles(),
          anonymous: readProcessMemory(pid)?.anonymous ?? 0,
          children: childrenOf(pid).length,
        };
      };
      // The first rounds fill caches and pools that stay.
      for (let round = 0; round < WARM_UP; round++) await killOnce(round);
      const before = await settled();
      for (let round = WARM_UP; round < KILLS; round++) await killOnce(round);
      const after = await settled();

      expect(after.children).toBe(before.children);
      expect(after.handles).toBeLessThanOrEqual(before.handles + 4);
      // A leak of one stream's buffers or one child's pipes in each round would be far above this.
      expect(after.anonymous - before.anonymous).toBeLessThan(48 * 1024 ** 2);
    },
    12 * 60_000,
  );
});
