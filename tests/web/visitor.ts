import path from "node:path";
import { ensureFixtureModel } from "../fixtures/models";

export const SHORT = { max_tokens: 12, max_thought_tokens: 6 };
/** Some seconds, on any machine: the likeliest tokens of these models go round in a circle and never end. */
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
