import { createParser } from "eventsource-parser";

import type { CleaningFigures, CleaningFrame } from "@/lib/wire";

import { fetchFromServer, ServerRefusal } from "./ask-server";
import type { CleaningCall, ExecutedPlan } from "./cache-contract";

/**
 * Executes a plan by `POST /api/cache/apply`, told how far it is.
 *
 * @param call what was planned, with the plan's id
 * @throws ServerRefusal with the server's words; `interrupted` where it is not known what has become of it; as `askServer`
 */
export async function applyPlan(
  call: CleaningCall & { id: string },
  token: string | null,
  onProgress: (progress: CleaningFigures) => void,
): Promise<ExecutedPlan> {
  const response = await fetchFromServer("/api/cache/apply", { body: call, token, accept: "text/event-stream" });
  let end: Exclude<CleaningFrame<ExecutedPlan>, { type: "progress" }> | null = null;
  const parser = createParser({
    onEvent: ({ data }) => {
      const frame = JSON.parse(data) as CleaningFrame<ExecutedPlan>;
      if (frame.type === "progress") onProgress(frame);
      else end = frame;
    },
  });
  await readAll(response, (text) => parser.feed(text));
  return executedOf(end);
}

async function readAll(response: Response, hear: (text: string) => void): Promise<void> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const next = await reader?.read().catch(() => undefined);
    if (next === undefined || next.done) return;
    hear(next.value);
  }
}

function executedOf(end: Exclude<CleaningFrame<ExecutedPlan>, { type: "progress" }> | null): ExecutedPlan {
  if (end?.type === "done") return end.executed;
  if (end === null) throw new ServerRefusal("interrupted", "The connection broke while it was being removed.");
  // Some of it may have gone by then.
  throw new ServerRefusal("interrupted", end.error.message, end.error);
}
