import { createParser } from "eventsource-parser";

import type { ErrorBody, StorageFrame } from "@/lib/wire";

import { adminToken } from "../_analytics/admin-token";
import { fetchFromServer, ServerRefusal } from "../_analytics/ask-server";

type End<Done> = ({ type: "done" } & Done) | ({ type: "failed" } & ErrorBody);

/**
 * Asks for long work by POST, told how far it is.
 *
 * @returns what it ended with
 * @throws ServerRefusal with the server's words; `interrupted` where it is not known what has become of it; as `askServer`
 */
export async function runWork<Progress extends object, Done extends object>(
  address: string,
  body: object,
  onProgress: (progress: Progress) => void,
): Promise<Done> {
  const response = await fetchFromServer(address, { body, token: adminToken(), accept: "text/event-stream" });
  let end: End<Done> | null = null;
  const parser = createParser({
    onEvent: ({ data }) => {
      const frame = JSON.parse(data) as StorageFrame<Progress, Done>;
      if (frame.type === "progress") onProgress(frame);
      else end = frame;
    },
  });
  await readAll(response, (text) => parser.feed(text));
  return endedWith<Done>(end);
}

async function readAll(response: Response, hear: (text: string) => void): Promise<void> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const next = await reader?.read().catch(() => undefined);
    if (next === undefined || next.done) return;
    hear(next.value);
  }
}

function endedWith<Done>(end: End<Done> | null): Done {
  if (end === null) throw new ServerRefusal("interrupted", "The connection broke before its end was heard.");
  if (end.type === "done") return end;
  throw new ServerRefusal(end.error.code, end.error.message, end.error);
}
