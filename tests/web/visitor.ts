import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll } from "vitest";
import { ensureFixtureModel } from "../fixtures/models";
import { startServer, type TestServer } from "./server";

export const SHORT = { max_tokens: 12, max_thought_tokens: 6 };
/** Over a thousand tokens. A test that does something meanwhile slows the models down, too: see `slowModels`. */
export const LONG = { max_tokens: 3000, max_thought_tokens: 0, temperature: 0 };

/** Settings of a server with two small real models, which keeps its data in this folder. */
export async function smallModels(folder: string): Promise<Record<string, string>> {
  return {
    MEMWELL_RESPONSE_MODEL: await ensureFixtureModel("small"),
    MEMWELL_REASONING_MODEL: await ensureFixtureModel("smallReasoning"),
    MEMWELL_DATA_DIR: path.join(folder, "data"),
    MEMWELL_THREADS: "1",
  };
}

/** Has both models of a server loaded: a test that slows them down would wait long for that. */
export async function loadModels({ address }: TestServer): Promise<void> {
  const response = await fetch(`${address}/v1/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model: "memwell", messages: [{ role: "user", content: "Why?" }], ...SHORT }),
  });
  if (!response.ok) throw new Error(await response.text());
  await response.text();
}

/** A server of its own for all tests of a file; `now` is the one that runs. */
export class SmallServer {
  now!: TestServer;
  #settings: Record<string, string> = {};
  readonly #folder = mkdtempSync(path.join(tmpdir(), "memwell-visitors-"));

  constructor() {
    beforeAll(async () => {
      this.#settings = await smallModels(this.#folder);
      this.now = await startServer(this.#settings);
      await loadModels(this.now);
    });
    afterAll(async () => {
      await this.now?.stop();
      rmSync(this.#folder, { recursive: true, force: true });
    });
  }

  /** Kills it without a warning and starts another at the same address, on the same data. */
  async killAndStartAgain(): Promise<void> {
    const { pid, address } = this.now;
    process.kill(pid, "SIGKILL");
    await this.now.stop().catch(() => {});
    this.now = await startServer({ ...this.#settings, PORT: new URL(address).port });
  }
}

/**
 * Calls as the browser of one visitor makes them: it keeps the cookie it is given.
 *
 * @param address of the server that runs now
 */
export function visitorFetch(address: () => string) {
  let cookie = "";
  return async (target: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    if (cookie !== "") headers.set("cookie", cookie);
    const route = target instanceof Request ? target.url : target;
    const response = await fetch(new URL(route, address()), { ...init, headers });
    cookie = response.headers.get("set-cookie")?.split(";")[0] ?? cookie;
    return response;
  };
}
