import { startServer } from "../../tests/web/server";
import { raise } from "../support/measure";
import { CONVERSATION } from "./conversation";

const DECODER = new TextDecoder();

/**
 * Time from the call of `POST /api/chat` to the first frame of its stream, in ms, for each turn of a conversation with the
 * server as it ships. The first of them finds a server that has answered nothing but `/healthz`, and no model loaded.
 *
 * @throws Error when the server refuses, or a stream begins with anything but a frame
 */
export async function firstFrames(
  models: { response: string; reasoning: string },
  threads: number,
): Promise<{ first: number; later: number[] }> {
  const server = await startServer({
    MEMWELL_RESPONSE_MODEL: models.response,
    MEMWELL_REASONING_MODEL: models.reasoning,
    MEMWELL_THREADS: String(threads),
  });
  try {
    const times: number[] = [];
    let cookie = "";
    for (const { message } of CONVERSATION) {
      const turn = await streamTurn(`${server.address}/api/chat`, message, cookie);
      times.push(turn.firstFrameMs);
      cookie = turn.cookie;
    }
    const [first = NaN, ...later] = times;
    return { first, later };
  } finally {
    await server.stop();
  }
}

/** Sends a message of the one conversation, and reads its turn to the end: the next one may begin only then. */
async function streamTurn(
  address: string,
  message: string,
  cookie: string,
): Promise<{ firstFrameMs: number; cookie: string }> {
  const startedAt = performance.now();
  const response = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json", ...(cookie === "" ? {} : { cookie }) },
    body: JSON.stringify({ id: "bench", message, max_tokens: 8, max_thought_tokens: 0 }),
  });
  if (!response.ok || response.body === null) throw new Error(`status ${response.status}: ${await response.text()}`);
  let firstFrameMs: number | null = null;
  let last = "";
  for await (const chunk of response.body) {
    const text = DECODER.decode(chunk);
    if (firstFrameMs === null && !/^(id|data): ?/.test(text)) raise(`no frame: ${text}`);
    firstFrameMs ??= performance.now() - startedAt;
    last = text;
  }
  if (!last.includes("[DONE]")) raise(`the stream ended before the turn did: ${last}`);
  const given = response.headers.get("set-cookie")?.split(";")[0];
  return { firstFrameMs: firstFrameMs ?? raise("an empty stream"), cookie: given ?? cookie };
}
